#include "source/drop_text.h"

#include <string.h>

#include "dn/text.h"
#include "source/base.h"
#include "source/lines.h"
#include "source/source.h"

#define MAX_PROBLEM_BYTES 4096

static void add_line(GString *text, const char *word, const char *value, size_t length)
{
    g_autofree char *escaped = text_escape(value, length, NULL);

    g_string_append_printf(text, "%s %s\n", word, escaped);
}

static char *print_problem(const char *spec, const char *problem)
{
    GString *text = g_string_new(NULL);

    add_line(text, "source", spec, strlen(spec));
    add_line(text, "problem", problem, strnlen(problem, MAX_PROBLEM_BYTES));
    return g_string_free(text, FALSE);
}

char *drop_text_print(const char *spec, const GPtrArray *values, const char *problem)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (!values)
        return print_problem(spec, problem);
    add_line(text, "source", spec, strlen(spec));
    for (unsigned i = 0; i < values->len && text->len <= DROP_TEXT_MAX_BYTES; i++)
        add_line(text, "dn", values->pdata[i], strlen(values->pdata[i]));
    if (text->len > DROP_TEXT_MAX_BYTES)
        return print_problem(spec, "its DNs are too long to be handed over, expected at most 1 MiB of them");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void *refuse(GError **error, const char *why)
{
    g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_FILE, why);
    return NULL;
}

/* What stands behind the word, g_free() it; NULL: it is no such line. */
static char *value_of(const char *line, const char *word)
{
    size_t length = strlen(word);

    return strncmp(line, word, length) == 0 && line[length] == ' ' ? text_unescape(line + length + 1) : NULL;
}

static bool check_source(struct lines *lines, const char *spec, GError **error)
{
    g_autofree char *line = NULL, *source = NULL;

    if (!lines_next(lines, &line) || !(source = value_of(line, "source")))
        return refuse(error, "is not what `dndriftctl extract` writes");
    if (strcmp(source, spec) != 0)
        return refuse(error, "is still what was read from another source");
    return true;
}

static GPtrArray *read_values(struct lines *lines, GError **error)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    char *line;

    while (lines_next(lines, &line)) {
        g_autofree char *owned = line, *problem = value_of(line, "problem");
        char *dn = value_of(line, "dn");

        if (problem) {
            g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, problem);
            return NULL;
        }
        if (!dn)
            return refuse(error, "is not what `dndriftctl extract` writes");
        g_ptr_array_add(values, dn);
    }
    return values->len ? g_steal_pointer(&values) : refuse(error, "holds no DN");
}

/* Root took them for DNs; whoever else may have written them need not have. */
static bool check_values(const GPtrArray *values, GError **error)
{
    g_autoptr(GError) no_dn = NULL;
    enum dn_form form;

    for (unsigned i = 0; i < values->len; i++)
        if (!base_check(values->pdata[i], &form, &no_dn))
            return refuse(error, no_dn->message);
    return true;
}

GPtrArray *drop_text_values(GBytes *content, const char *spec, GError **error)
{
    g_autoptr(GPtrArray) values = NULL;
    struct lines lines;

    lines_init(&lines, content);
    values = check_source(&lines, spec, error) ? read_values(&lines, error) : NULL;
    return values && check_values(values, error) ? g_steal_pointer(&values) : NULL;
}
