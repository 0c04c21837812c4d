#include "config/document.h"

#include "config/quote.h"

enum { TEXT_BLOCK_BYTES = 65536 };

static void section_free(gpointer data)
{
    struct section *section = data;

    g_array_unref(section->entries);
    g_free(section);
}

struct document *document_new(void)
{
    struct document *document = g_new0(struct document, 1);

    document->sections = g_ptr_array_new_with_free_func(section_free);
    document->texts = g_string_chunk_new(TEXT_BLOCK_BYTES);
    return document;
}

void document_free(struct document *document)
{
    if (!document)
        return;
    g_ptr_array_unref(document->sections);
    g_string_chunk_free(document->texts);
    g_free(document);
}

void document_add_section(struct document *document, const char *word, const char *name, int line)
{
    struct section *section = g_new0(struct section, 1);

    section->word = word ? g_string_chunk_insert_const(document->texts, word) : NULL;
    section->name = name ? g_string_chunk_insert(document->texts, name) : NULL;
    section->line = line;
    section->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
    g_ptr_array_add(document->sections, section);
}

struct entry *document_add_entry(struct document *document, const char *key, int line)
{
    struct section *section = document_last_section(document);
    struct entry entry = {.key = g_string_chunk_insert_const(document->texts, key), .line = line};

    g_array_append_val(section->entries, entry);
    return section_last_entry(section);
}

void document_set_value(struct document *document, struct entry *entry, const char *value, size_t length)
{
    entry->value = g_string_chunk_insert_len(document->texts, value, (gssize)length);
}

struct section *document_last_section(const struct document *document)
{
    guint n = document->sections->len;

    return n > 0 ? g_ptr_array_index(document->sections, n - 1) : NULL;
}

unsigned section_n(const struct section *section)
{
    return section->entries->len;
}

const struct entry *section_at(const struct section *section, unsigned index)
{
    return &g_array_index(section->entries, struct entry, index);
}

struct entry *section_last_entry(const struct section *section)
{
    guint n = section->entries->len;

    return n > 0 ? &g_array_index(section->entries, struct entry, n - 1) : NULL;
}

const struct entry *section_find(const struct section *section, const char *key)
{
    for (unsigned i = 0; i < section_n(section); i++)
        if (g_str_equal(section_at(section, i)->key, key))
            return section_at(section, i);
    return NULL;
}

int section_line_of(const struct section *section, const char *key)
{
    const struct entry *entry = section_find(section, key);

    return entry ? entry->line : section->line;
}

char *section_title(const struct section *section)
{
    g_autofree char *title = section->name ? g_strdup_printf("[%s %s]", section->word, section->name)
                                           : g_strdup_printf("[%s]", section->word);

    return quote(title);
}
