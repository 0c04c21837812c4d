#include "source/sssd_file.h"

#include <stdbool.h>
#include <string.h>

#include "source/lines.h"
#include "source/source.h"

#define BLANKS " \t\n\v\f\r"

/* The name in `[name]`; NULL: it is no such line. */
static char *section_name(const char *line)
{
    size_t length = strcspn(line, "]");

    if (*line != '[' || line[length] != ']' || line[length + 1 + strspn(line + length + 1, BLANKS)])
        return NULL;
    return g_strstrip(g_strndup(line + 1, length - 1));
}

GPtrArray *sssd_file_values(GBytes *content, const char *section, const char *name, GError **error)
{
    bool is_inside = false, was_inside = false;
    g_autofree char *last = NULL;
    struct lines lines;
    GPtrArray *values;
    char *line;

    lines_init(&lines, content);
    lines_skip_mark(&lines);
    while (lines_next(&lines, &line)) {
        g_autofree char *owned = line, *head = section_name(line), *found = NULL;
        g_autofree char *value = head || !is_inside ? NULL : line_assignment(line, BLANKS, &found);

        if (head)
            is_inside = g_ascii_strcasecmp(head, section) == 0;
        was_inside |= is_inside;
        if (!value || g_ascii_strcasecmp(found, name) != 0)
            continue;
        g_free(last);
        last = g_steal_pointer(&value);
    }
    if (!last) {
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT,
                    was_inside ? "has no `%s` in [%s]" : "has no section for `%s`: [%s]", name, section);
        return NULL;
    }
    values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(values, g_steal_pointer(&last));
    return values;
}
