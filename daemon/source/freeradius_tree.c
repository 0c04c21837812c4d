#include "source/freeradius_tree.h"

#include <string.h>

#define MAX_SECTIONS   10000
#define MAX_TEXTS      100000
#define MAX_REFERENCES 100  /* followed for one text */
#define MAX_BYTES      8192 /* of one text with what its references mean */

struct text {
    char quote; /* or any other character: none */
    char written[];
};

struct section {
    char *name;
    struct section *above; /* NULL: it is the file */
    GHashTable *texts;     /* char * to struct text: the first of each name */
};

struct freeradius_tree {
    GPtrArray *sections; /* in the order of the file */
    struct section *open;
    unsigned n_texts;
};

static void section_free(void *data)
{
    struct section *section = data;

    g_free(section->name);
    g_hash_table_unref(section->texts);
    g_free(section);
}

struct freeradius_tree *freeradius_tree_new(void)
{
    struct freeradius_tree *tree = g_new0(struct freeradius_tree, 1);

    tree->sections = g_ptr_array_new_with_free_func(section_free);
    freeradius_tree_open(tree, "");
    return tree;
}

void freeradius_tree_free(struct freeradius_tree *tree)
{
    if (!tree)
        return;
    g_ptr_array_unref(tree->sections);
    g_free(tree);
}

bool freeradius_tree_open(struct freeradius_tree *tree, const char *name)
{
    struct section *section;

    if (tree->sections->len == MAX_SECTIONS)
        return false;
    section = g_new0(struct section, 1);
    section->name = g_strdup(name);
    section->above = tree->open;
    section->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_ptr_array_add(tree->sections, section);
    tree->open = section;
    return true;
}

void freeradius_tree_close(struct freeradius_tree *tree)
{
    if (tree->open->above)
        tree->open = tree->open->above;
}

bool freeradius_tree_add(struct freeradius_tree *tree, const char *name, const char *text, char quote)
{
    struct text *entry;

    if (g_hash_table_contains(tree->open->texts, name) || strlen(text) > MAX_BYTES)
        return true; /* none so long is a DN, or part of one */
    if (tree->n_texts == MAX_TEXTS)
        return false;
    entry = g_malloc(sizeof *entry + strlen(text) + 1);
    entry->quote = quote;
    strcpy(entry->written, text);
    g_hash_table_insert(tree->open->texts, g_strdup(name), entry);
    tree->n_texts++;
    return true;
}

static void append(GString *out, const struct section *section, const struct text *text, unsigned *n_left);

/* What `${.NAME}` at the beginning means: one dot is the section, each more the one above. Its length, 0
 * where it leads nowhere. */
static size_t append_reference(GString *out, const struct section *section, const char *reference,
                               unsigned *n_left)
{
    size_t dots = strspn(reference + 2, "."), length = strcspn(reference + 2 + dots, "}");
    g_autofree char *name = g_strndup(reference + 2 + dots, length);
    const struct text *text;

    if (dots == 0 || reference[2 + dots + length] != '}' || *n_left == 0)
        return 0;
    while (section && --dots > 0)
        section = section->above;
    text = section ? g_hash_table_lookup(section->texts, name) : NULL;
    if (!text)
        return 0;
    --*n_left;
    append(out, section, text, n_left);
    return (size_t)(strchr(reference, '}') + 1 - reference);
}

/* As deep as there are references left. */
static void append(GString *out, const struct section *section, const struct text *text, unsigned *n_left)
{
    const char *at = text->written;

    while (*at && out->len < MAX_BYTES) {
        bool is_reference = text->quote != '\'' && g_str_has_prefix(at, "${");
        size_t length = is_reference ? append_reference(out, section, at, n_left) : 0;

        if (length == 0)
            g_string_append_c(out, *at);
        at += length ? length : 1;
    }
}

static bool is_wanted(const struct section *section, const char *const *names, const char *above)
{
    return section->above && strcmp(section->above->name, above) == 0 &&
           g_strv_contains(names, section->name);
}

char *freeradius_tree_next(const struct freeradius_tree *tree, const char *const *names, const char *above,
                           const char *name, unsigned *at, char *ret_quote)
{
    while (*at < tree->sections->len) {
        const struct section *section = tree->sections->pdata[(*at)++];
        const struct text *text =
            is_wanted(section, names, above) ? g_hash_table_lookup(section->texts, name) : NULL;
        unsigned n_left = MAX_REFERENCES;
        GString *out;

        if (!text)
            continue;
        out = g_string_new(NULL);
        append(out, section, text, &n_left);
        *ret_quote = text->quote;
        return g_string_free(out, FALSE);
    }
    return NULL;
}
