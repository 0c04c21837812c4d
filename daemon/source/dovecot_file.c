#include "source/dovecot_file.h"

#include <stdbool.h>
#include <string.h>

#include "source/lines.h"
#include "source/source.h"
#include "source/variable.h"

#define BLANKS " \t"

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* Behind the closing quote of the text that begins with one, or at its end. */
static char *skip_quoted(char *text)
{
    char quote = *text++;

    while (*text && *text != quote)
        text += 1 + (*text == '\\' && text[1]);
    return text + (*text != '\0');
}

/* A comment begins anywhere but in quotes. */
static void cut_comment(char *line)
{
    char *at = line;

    while (*at && *at != '#')
        at = is_quote(*at) ? skip_quoted(at) : at + 1;
    *at = '\0';
}

/* A line and those behind it as long as each ends with a backslash. NULL: there is none, or the last one ends
 * with it. */
static char *next_setting(struct lines *lines)
{
    g_autoptr(GString) setting = g_string_new(NULL);
    char *line;

    while (lines_next(lines, &line)) {
        g_autofree char *owned = line, *text = NULL;
        size_t length;

        cut_comment(line);
        text = line_trim(line, BLANKS);
        length = strlen(text);
        if (length == 0)
            continue;
        g_string_append_len(setting, text, (gssize)length - (text[length - 1] == '\\'));
        if (text[length - 1] != '\\')
            return g_string_free(g_steal_pointer(&setting), FALSE);
        g_string_append_c(setting, ' ');
    }
    return NULL;
}

/* Quotes round the whole, in which a backslash makes the next character plain. */
static char *unquote(const char *value)
{
    size_t length = strlen(value);
    GString *text;

    if (length < 2 || !is_quote(*value) || value[length - 1] != *value)
        return g_strdup(value);
    text = g_string_new(NULL);
    for (const char *at = value + 1; at < value + length - 1; at++) {
        at += *at == '\\' && at + 1 < value + length - 1;
        g_string_append_c(text, *at);
    }
    return g_string_free(text, FALSE);
}

static char *last_value(GBytes *content, const char *name)
{
    char *setting, *last = NULL;
    struct lines lines;

    lines_init(&lines, content);
    while ((setting = next_setting(&lines))) {
        g_autofree char *found = NULL, *value = line_assignment(setting, BLANKS, &found);

        g_free(setting);
        if (!value || strcmp(found, name) != 0)
            continue;
        g_free(last);
        last = unquote(value);
    }
    return last;
}

GPtrArray *dovecot_file_values(GBytes *content, const char *name, GError **error)
{
    g_autofree char *written = last_value(content, name);
    char *value = written ? variable_expand(written, error) : NULL;
    GPtrArray *values;

    if (!written)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has no `%s`", name);
    if (!value)
        return NULL;
    values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(values, value);
    return values;
}
