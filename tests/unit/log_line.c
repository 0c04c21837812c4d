#include "log_line.h"

#include <stdlib.h>
#include <string.h>

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Decodes up to an unescaped end character or the end of the text. */
static const char *decode(const char **text, char end, GString *decoded)
{
    const char *at = *text;

    for (; *at && *at != end; at++) {
        if (*at != '\\') {
            g_string_append_c(decoded, *at);
        } else if (at[1] == '\\' || at[1] == '\'' || at[1] == ';') {
            g_string_append_c(decoded, *++at);
        } else if (at[1] == 'x' && hex_value(at[2]) >= 0 && hex_value(at[3]) >= 0) {
            g_string_append_c(decoded, (char)(hex_value(at[2]) * 16 + hex_value(at[3])));
            at += 3;
        } else {
            return "an escape that the documentation does not know";
        }
    }
    *text = at;
    return NULL;
}

static const char *parse_tag(const char **text, struct log_line *line)
{
    const char *equals = strstr(*text, "='");
    GString *value;
    const char *problem;

    if (!equals || line->n_tags == LOG_LINE_TAGS)
        return "no tag where one should be";
    if (strspn(*text, "abcdefghijklmnopqrstuvwxyz_") != (size_t)(equals - *text))
        return "a strange name of a tag";
    value = g_string_new(NULL);
    line->tag_names[line->n_tags] = g_strndup(*text, (size_t)(equals - *text));
    *text = equals + 2;
    problem = decode(text, '\'', value);
    line->tag_values[line->n_tags++] = g_string_free(value, FALSE);
    if (problem)
        return problem;
    if (**text != '\'')
        return "a value without its end";
    (*text)++;
    return NULL;
}

static const char *parse_tags(const char *text, struct log_line *line)
{
    const char *problem = NULL;

    while (!problem) {
        problem = parse_tag(&text, line);
        if (problem || !*text)
            break;
        if (strncmp(text, ", ", 2) != 0)
            return "something between two tags";
        text += 2;
    }
    return problem;
}

static const char *parse_description(const char **text, struct log_line *line)
{
    const char *space = strchr(*text, ' ');
    const char *colon = space ? strstr(space, ": ") : NULL;
    GString *sentence = g_string_new(NULL);
    const char *problem;

    if (!colon) {
        g_string_free(sentence, TRUE);
        return "no WORD NAME: at the beginning";
    }
    line->word = g_strndup(*text, (size_t)(space - *text));
    line->name = g_strndup(space + 1, (size_t)(colon - space - 1));
    *text = colon + 2;
    problem = decode(text, ';', sentence);
    line->sentence = g_string_free(sentence, FALSE);
    return problem;
}

const char *log_line_parse(const char *text, struct log_line *ret_line)
{
    const char *problem;

    memset(ret_line, 0, sizeof *ret_line);
    if (!g_utf8_validate(text, -1, NULL))
        return "no valid UTF-8";
    for (const char *at = text; *at; at++)
        if (*(const unsigned char *)at < 0x20 || *at == 0x7f)
            return "a raw control byte";
    problem = parse_description(&text, ret_line);
    if (!problem && *text)
        problem = text[1] == ' ' ? parse_tags(text + 2, ret_line) : "a bare ; in the sentence";
    if (problem)
        log_line_clear(ret_line);
    return problem;
}

void log_line_clear(struct log_line *line)
{
    g_free(line->word);
    g_free(line->name);
    g_free(line->sentence);
    for (unsigned i = 0; i < line->n_tags; i++) {
        g_free(line->tag_names[i]);
        g_free(line->tag_values[i]);
    }
    memset(line, 0, sizeof *line);
}

const char *log_line_tag(const struct log_line *line, const char *name)
{
    for (unsigned i = 0; i < line->n_tags; i++)
        if (strcmp(line->tag_names[i], name) == 0)
            return line->tag_values[i];
    return NULL;
}

bool log_line_stands_for(const char *decoded, const char *raw)
{
    const char *mark = g_strrstr(decoded, "...(+");
    size_t kept;

    if (strcmp(decoded, raw) == 0)
        return true;
    if (!mark)
        return false;
    kept = (size_t)(mark - decoded);
    return strncmp(decoded, raw, kept) == 0 && kept + strtoul(mark + 5, NULL, 10) == strlen(raw);
}
