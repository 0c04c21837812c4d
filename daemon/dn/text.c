#include "dn/text.h"

#include <glib.h>
#include <string.h>

#define HEX_LENGTH 4 /* of \xHH */

/* U+061C, the marks, embeddings, overrides and isolates: they reorder what a reader sees of the whole line.
 */
static bool is_bidi_control(gunichar c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static bool is_showable(gunichar c)
{
    return c >= 0x20 && !(c >= 0x7F && c <= 0x9F) && c != 0x2028 && c != 0x2029 && !is_bidi_control(c);
}

size_t text_step(const char *bytes, size_t length, bool *ret_is_clean)
{
    gunichar c = g_utf8_get_char_validated(bytes, (gssize)length);

    if (c >= 0x110000) { /* -1, -2: NUL or no UTF-8; the byte is taken alone */
        *ret_is_clean = false;
        return 1;
    }
    *ret_is_clean = is_showable(c);
    return (size_t)(g_utf8_next_char(bytes) - bytes);
}

bool text_is_clean(const char *bytes, size_t length)
{
    bool is_clean = true;

    for (size_t at = 0; at < length && is_clean;)
        at += text_step(bytes + at, length - at, &is_clean);
    return is_clean;
}

static void append_hex(GString *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        g_string_append_printf(out, "\\x%02x", (unsigned char)bytes[i]);
}

char *text_escape(const char *bytes, size_t length, const char *also)
{
    GString *out = g_string_sized_new(length + 16);

    for (size_t at = 0, step; at < length; at += step) {
        bool is_clean = false;

        step = text_step(bytes + at, length - at, &is_clean);
        if (!is_clean) {
            append_hex(out, bytes + at, step);
            continue;
        }
        if (bytes[at] == '\\' || (step == 1 && also && strchr(also, bytes[at])))
            g_string_append_c(out, '\\');
        g_string_append_len(out, bytes + at, (gssize)step);
    }
    return g_string_free(out, FALSE);
}

/* \xHH */
static bool is_hex(const char *bytes, size_t length)
{
    return length >= HEX_LENGTH && bytes[0] == '\\' && bytes[1] == 'x' && g_ascii_isxdigit(bytes[2]) &&
           g_ascii_isxdigit(bytes[3]);
}

/* The byte that it stands for, and on behind it; 0, and on by one: it is none. */
static char take_hex(const char **text)
{
    const char *at = *text;
    bool is_there = is_hex(at, strnlen(at, HEX_LENGTH));

    *text = at + (is_there ? HEX_LENGTH : 1);
    return is_there ? (char)(g_ascii_xdigit_value(at[2]) * 16 + g_ascii_xdigit_value(at[3])) : '\0';
}

/* \\ or \xHH; the byte, 0: it is neither. */
static char unescape_one(const char **text)
{
    if ((*text)[1] != '\\')
        return take_hex(text);
    *text += 2;
    return '\\';
}

char *text_unescape(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);

    while (*text) {
        char byte = *text == '\\' ? unescape_one(&text) : *text++;

        if (byte == '\0')
            return NULL;
        g_string_append_c(out, byte);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *text_clean(const char *bytes, size_t length)
{
    GString *out = g_string_sized_new(length + 16);

    for (size_t at = 0, step; at < length; at += step) {
        bool is_clean = false;

        step = text_step(bytes + at, length - at, &is_clean);
        if (is_clean && !is_hex(bytes + at, length - at))
            g_string_append_len(out, bytes + at, (gssize)step);
        else
            append_hex(out, bytes + at, step);
    }
    return g_string_free(out, FALSE);
}

char *text_unclean(const char *text)
{
    GString *out = g_string_new(NULL);

    while (text && *text) {
        const char *begun = text;
        char byte = take_hex(&text);

        if (byte)
            g_string_append_c(out, byte);
        else
            g_string_append_len(out, begun, text - begun);
    }
    return g_string_free(out, !text);
}
