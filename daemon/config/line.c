#include "config/line.h"

#include "config/value_error.h"

#include <string.h>

#define BLANKS " \t"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Bytes that no editor shows: they would end up in a log line or, worse, in a comparison. */
static bool check_characters(const char *bytes, size_t length, GError **error)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];

        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            return value_error_set(
                error, "the line holds a control character (byte 0x%02x), expected text in UTF-8", byte);
    }
    if (!g_utf8_validate_len(bytes, length, NULL))
        return value_error_set(error, "the line is not valid UTF-8, expected text in UTF-8");
    return true;
}

static bool is_comment_or_empty(const char *text)
{
    text += strspn(text, BLANKS);
    return strchr(";#", *text) != NULL; /* also true of the NUL at the end */
}

static bool parse_section(const char *text, struct line *ret_line, GError **error)
{
    const char *end = strchr(text, ']');

    if (!end || !is_comment_or_empty(end + 1))
        return value_fail(error, text, "is no section, expected [WORD] or [WORD NAME] on a line of its own");
    g_autofree char *inside = g_strstrip(g_strndup(text + 1, (gsize)(end - text - 1)));
    size_t n_word = strcspn(inside, BLANKS);

    if (n_word == 0)
        return value_fail(error, text, "is no section, expected a word between the brackets");
    ret_line->word = g_strndup(inside, n_word);
    if (inside[n_word])
        ret_line->value = g_strstrip(g_strdup(inside + n_word));
    return true;
}

/* Up to the comment, escapes taken off, trailing blanks too. */
static char *unescape_value(const char *text)
{
    GString *value = g_string_new(NULL);
    bool is_after_blank = true; /* what stands before the backslashes just read */
    unsigned n_backslashes = 0;

    for (text += strspn(text, BLANKS); *text; text++) {
        if (*text == ';' && is_after_blank) {
            if (n_backslashes == 0)
                break;
            g_string_truncate(value, value->len - 1);
        }
        g_string_append_c(value, *text);
        if (*text == '\\') {
            n_backslashes++;
        } else {
            is_after_blank = is_blank(*text);
            n_backslashes = 0;
        }
    }
    while (value->len > 0 && is_blank(value->str[value->len - 1]))
        g_string_truncate(value, value->len - 1);
    return g_string_free(value, FALSE);
}

char *line_escape_value(const char *value)
{
    GString *text = g_string_new(NULL);
    bool is_after_blank = true;

    for (; *value; value++) {
        if (*value == ';' && is_after_blank)
            g_string_append_c(text, '\\');
        g_string_append_c(text, *value);
        if (*value != '\\')
            is_after_blank = is_blank(*value);
    }
    return g_string_free(text, FALSE);
}

static bool is_key(const char *word)
{
    size_t length = strspn(word, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-");

    return length > 0 && word[length] == '\0' && length <= LINE_MAX_KEY_BYTES;
}

static bool parse_pair(const char *text, struct line *ret_line, GError **error)
{
    const char *equals = strchr(text, '=');

    if (!equals)
        return value_fail(error, text,
                          "has no `=`, expected KEY = VALUE (a value stands on one line), "
                          "[SECTION], or a comment that begins with # or ;");
    g_autofree char *key = g_strchomp(g_strndup(text, (gsize)(equals - text)));

    if (!is_key(key))
        return value_fail(error, key, "is no key, expected KEY = VALUE (a value stands on one line)");
    g_autofree char *value = unescape_value(equals + 1);

    if (strlen(value) > LINE_MAX_VALUE_BYTES)
        return value_fail(error, key, "has a value of %zu bytes, expected at most %d", strlen(value),
                          LINE_MAX_VALUE_BYTES);
    ret_line->word = g_steal_pointer(&key);
    ret_line->value = g_steal_pointer(&value);
    return true;
}

static enum line_kind line_kind(const char *start)
{
    if (is_comment_or_empty(start))
        return LINE_EMPTY;
    return *start == '[' ? LINE_SECTION : LINE_PAIR;
}

bool line_parse(const char *bytes, size_t length, struct line *ret_line, GError **error)
{
    g_autofree char *text = g_strndup(bytes, length);
    const char *start = text + strspn(text, BLANKS);

    *ret_line = (struct line){.kind = line_kind(start), .is_indented = start > text};
    if (*start == ';' || *start == '#')
        return true;
    if (!check_characters(bytes, length, error))
        return false;
    switch (ret_line->kind) {
    case LINE_SECTION:
        return parse_section(start, ret_line, error);
    case LINE_PAIR:
        return parse_pair(start, ret_line, error);
    default:
        return true;
    }
}

void line_clear(struct line *line)
{
    g_clear_pointer(&line->word, g_free);
    g_clear_pointer(&line->value, g_free);
}
