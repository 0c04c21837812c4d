#include "source/postfix_file.h"

#include <string.h>

#include "source/lines.h"
#include "source/source.h"
#include "source/variable.h"

#define BLANKS " \t\n\v\f\r"

static bool is_comment(const char *line)
{
    line += strspn(line, BLANKS);
    return *line == '#' || *line == '\0';
}

/* A line and those behind it that are indented; comments are no part of it. NULL: there is none. */
static GString *next_setting(struct lines *lines)
{
    struct lines ahead = *lines;
    GString *setting = NULL;
    char *line;

    while (lines_next(&ahead, &line)) {
        g_autofree char *owned = line;

        if (setting && !is_comment(line) && !strchr(BLANKS, *line))
            break;
        *lines = ahead;
        if (!is_comment(line))
            setting = setting ? g_string_append(setting, line) : g_string_new(line);
    }
    return setting;
}

static char *last_value(GBytes *content, const char *name, GError **error)
{
    g_autofree char *last = NULL;
    struct lines lines;
    GString *setting;

    lines_init(&lines, content);
    while ((setting = next_setting(&lines))) {
        g_autofree char *found = NULL, *value = line_assignment(setting->str, BLANKS, &found);

        g_string_free(setting, TRUE);
        if (!value) {
            g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT,
                        "has a line that is no NAME = VALUE: Postfix refuses it");
            return NULL;
        }
        if (strcmp(found, name) != 0)
            continue;
        g_free(last);
        last = g_steal_pointer(&value);
    }
    if (!last)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has no `%s`", name);
    return g_steal_pointer(&last);
}

GPtrArray *postfix_file_values(GBytes *content, const char *name, GError **error)
{
    g_autofree char *written = last_value(content, name, error);
    char *value = written ? variable_expand(written, error) : NULL;
    GPtrArray *values;

    if (!value)
        return NULL;
    values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(values, value);
    return values;
}
