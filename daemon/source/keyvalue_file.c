#include "source/keyvalue_file.h"

#include <string.h>

#include "source/lines.h"

/* The maps of nslcd.conf(5) that may have a base of their own. */
static const char *const maps[] = {"aliases", "ethers",    "group", "hosts",    "netgroup", "networks",
                                   "passwd",  "protocols", "rpc",   "services", "shadow"};

static bool is_comment(const char *line)
{
    return *(line + strspn(line, " \t")) == '#' || line[strspn(line, " \t")] == '\0';
}

/* `base [MAP] DN`: the DN. */
static char *without_map(char *value)
{
    size_t word = strcspn(value, " \t");

    for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
        if (strlen(maps[i]) == word && g_ascii_strncasecmp(value, maps[i], word) == 0) {
            char *rest = g_strchug(g_strdup(value + word));
            g_free(value);
            return rest;
        }
    return value;
}

static void add(GPtrArray *values, char *value, enum source_dialect dialect)
{
    if (dialect == DIALECT_POSTFIX)
        g_ptr_array_set_size(values, 0);
    g_ptr_array_add(values, dialect == DIALECT_NSLCD ? without_map(value) : value);
}

/* Lines that are indented belong to the one above. */
static GString *next_logical_line(struct lines *lines, enum source_dialect dialect)
{
    GString *whole = NULL;
    char *line;
    struct lines ahead = *lines;

    while (lines_next(&ahead, &line)) {
        bool goes_on = dialect == DIALECT_POSTFIX && g_ascii_isspace(*line);

        if (whole && !goes_on && !(dialect == DIALECT_POSTFIX && is_comment(line))) {
            g_free(line);
            break;
        }
        *lines = ahead;
        if (!whole)
            whole = g_string_new(is_comment(line) ? "" : line);
        else if (!is_comment(line))
            g_string_append_printf(whole, " %s", line + strspn(line, " \t"));
        g_free(line);
    }
    return whole;
}

GPtrArray *keyvalue_file_values(GBytes *content, const char *key, enum source_dialect dialect, GError **error)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    struct lines lines;
    GString *line;

    lines_init(&lines, content);
    while ((line = next_logical_line(&lines, dialect))) {
        char *value = line_value(line->str, key);
        if (value)
            add(values, value, dialect);
        g_string_free(line, TRUE);
    }
    if (values->len > 0)
        return g_steal_pointer(&values);
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has no `%s`", key);
    return NULL;
}
