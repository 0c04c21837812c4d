#include "source/lines.h"

#include <string.h>

void lines_init(struct lines *lines, GBytes *content)
{
    gsize size;

    lines->at = g_bytes_get_data(content, &size);
    lines->end = lines->at + size;
}

void lines_skip_mark(struct lines *lines)
{
    if (lines->end - lines->at >= 3 && memcmp(lines->at, "\xEF\xBB\xBF", 3) == 0)
        lines->at += 3;
}

bool lines_next(struct lines *lines, char **ret_line)
{
    size_t left = (size_t)(lines->end - lines->at);
    const char *end = left ? memchr(lines->at, '\n', left) : NULL;
    size_t length = end ? (size_t)(end - lines->at) : left;

    if (left == 0)
        return false;
    *ret_line = g_strndup(lines->at, length - (length > 0 && lines->at[length - 1] == '\r'));
    lines->at += length + (end != NULL);
    return true;
}

/* 'a b' or "a b" as a whole; a comment may follow the closing quote. */
static char *unquote(const char *value)
{
    const char *end = *value == '\'' || *value == '"' ? strchr(value + 1, *value) : NULL;

    if (!end)
        return g_strchomp(g_strdup(value));
    return g_strndup(value + 1, (gsize)(end - value - 1));
}

char *line_value(const char *line, const char *key)
{
    size_t length = strlen(key);

    line += strspn(line, " \t");
    if (g_ascii_strncasecmp(line, key, length) != 0 || !strchr(" \t=", line[length]))
        return NULL;
    line += length;
    line += strspn(line, " \t");
    line += *line == '=';
    return unquote(line + strspn(line, " \t"));
}

char *line_trim(const char *text, const char *blanks)
{
    size_t length;

    text += strspn(text, blanks);
    length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]))
        length--;
    return g_strndup(text, length);
}

char *line_assignment(const char *line, const char *blanks, char **ret_name)
{
    const char *name = line + strspn(line, blanks), *sign;
    g_autofree char *ends = g_strconcat(blanks, "=", NULL);
    size_t length = strcspn(name, ends);

    sign = name + length + strspn(name + length, blanks);
    if (length == 0 || *sign != '=')
        return NULL;
    *ret_name = g_strndup(name, length);
    return line_trim(sign + 1, blanks);
}
