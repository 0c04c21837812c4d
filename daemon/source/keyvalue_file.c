#include "source/keyvalue_file.h"

#include "source/lines.h"
#include "source/source.h"

GPtrArray *keyvalue_file_values(GBytes *content, const char *key, GError **error)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    struct lines lines;
    char *line;

    lines_init(&lines, content);
    lines_skip_mark(&lines);
    while (values->len <= SOURCE_MAX_FOUND && lines_next(&lines, &line)) {
        char *value = line_value(line, key);

        g_free(line);
        if (value)
            g_ptr_array_add(values, value);
    }
    if (values->len > 0)
        return g_steal_pointer(&values);
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has no `%s`", key);
    return NULL;
}
