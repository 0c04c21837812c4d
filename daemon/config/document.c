#include "config/document.h"

#include "config/quote.h"

static void entry_clear(gpointer data)
{
    struct entry *entry = data;

    g_free(entry->key);
    g_free(entry->value);
}

static void section_free(gpointer data)
{
    struct section *section = data;

    g_free(section->word);
    g_free(section->name);
    g_array_unref(section->entries);
    g_free(section);
}

struct document *document_new(void)
{
    struct document *document = g_new0(struct document, 1);

    document->sections = g_ptr_array_new_with_free_func(section_free);
    return document;
}

void document_free(struct document *document)
{
    if (!document)
        return;
    g_ptr_array_unref(document->sections);
    g_free(document);
}

struct section *document_add_section(struct document *document, const char *word, const char *name, int line)
{
    struct section *section = g_new0(struct section, 1);

    section->word = g_strdup(word);
    section->name = g_strdup(name);
    section->line = line;
    section->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
    g_array_set_clear_func(section->entries, entry_clear);
    g_ptr_array_add(document->sections, section);
    return section;
}

struct entry *section_add_entry(struct section *section, const char *key, int line)
{
    struct entry entry = {.key = g_strdup(key), .line = line};

    g_array_append_val(section->entries, entry);
    return section_last_entry(section);
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
