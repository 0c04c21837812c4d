#include "source/ini_file.h"

#include <string.h>

#include "source/lines.h"
#include "source/source.h"

/* The name in `[name]`; NULL: it is no such line. */
static char *section_name(const char *line)
{
    const char *end = *line == '[' ? strrchr(line, ']') : NULL;

    return end ? g_strstrip(g_strndup(line + 1, (gsize)(end - line - 1))) : NULL;
}

static bool is_comment(const char *line)
{
    return strchr("#;", line[strspn(line, " \t")]) != NULL; /* an empty line, too */
}

struct search {
    const char *section, *key;
    bool is_inside, was_inside; /* the section, now and ever */
    bool is_going_on;           /* the line above was the key's */
    GString *value;             /* NULL: not found yet */
};

static void look_at(struct search *search, const char *line)
{
    g_autofree char *name = section_name(line);
    g_autofree char *value = NULL;

    if (name) {
        search->is_inside = strcmp(name, search->section) == 0;
        search->was_inside |= search->is_inside;
        search->is_going_on = false;
        return;
    }
    if (!search->is_inside || is_comment(line))
        return;
    if (search->is_going_on && g_ascii_isspace(*line)) {
        g_string_append_printf(search->value, " %s", line + strspn(line, " \t"));
        return;
    }
    value = line_value(line, search->key);
    search->is_going_on = value != NULL;
    if (value && !search->value)
        search->value = g_string_new(NULL);
    if (value)
        g_string_assign(search->value, value);
}

GPtrArray *ini_file_values(GBytes *content, const char *section, const char *key, GError **error)
{
    struct search search = {.section = section, .key = key};
    struct lines lines;
    GPtrArray *values;
    char *line;

    lines_init(&lines, content);
    lines_skip_mark(&lines);
    while (lines_next(&lines, &line)) {
        look_at(&search, line);
        g_free(line);
    }
    if (!search.value) {
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT,
                    search.was_inside ? "has no `%s` in [%s]" : "has no section for `%s`: [%s]", key,
                    section);
        return NULL;
    }
    values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(values, g_string_free(search.value, FALSE));
    return values;
}
