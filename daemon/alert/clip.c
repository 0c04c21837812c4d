#include "alert/clip.h"

#include "dn/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define MARK       "...(+"
#define MARK_BYTES 32 /* ...(+18446744073709551615) and its end */

/* By which of dn/text.h it was written. */
enum script { SCRIPT_ESCAPED, SCRIPT_CLEAN };

/* One character of such a text: how long it is there, and how many raw bytes it stands for. */
struct piece {
    size_t length;
    size_t n_raw;
};

static struct piece piece_at(const char *text, enum script script)
{
    struct piece piece = {1, 1};

    if (text[0] == '\\' && text[1] == 'x' && g_ascii_isxdigit(text[2]) && g_ascii_isxdigit(text[3]))
        piece.length = 4;
    else if (text[0] == '\\' && text[1] && script == SCRIPT_ESCAPED)
        piece.length = 2;
    else
        piece.length = piece.n_raw = strnlen(text, (size_t)g_utf8_skip[*(const guchar *)text]);
    return piece;
}

/* Where text must end for its written form to fit; strlen(text) if all of it does. */
static size_t clip_length(const char *text, enum script script, char quoted, size_t max_bytes,
                          size_t *ret_n_raw)
{
    size_t length = 0, written = 0;

    *ret_n_raw = 0;
    while (text[length]) {
        struct piece piece = piece_at(text + length, script);

        written += piece.length + (text[length] == quoted ? 1 : 0);
        if (written > max_bytes)
            break;
        length += piece.length;
        *ret_n_raw += piece.n_raw;
    }
    return length;
}

/* Whether it ends in ...(+N) though nothing was cut off. */
static bool is_marked(const char *text)
{
    const char *mark = g_strrstr(text, MARK);
    size_t n_digits = mark ? strspn(mark + strlen(MARK), "0123456789") : 0;

    return n_digits > 0 && strcmp(mark + strlen(MARK) + n_digits, ")") == 0;
}

/* Takes the text. */
static char *mask(char *written)
{
    g_autofree char *text = written;

    return is_marked(text) ? g_strdup_printf("%.*s\\x29", (int)strlen(text) - 1, text)
                           : g_steal_pointer(&text);
}

static char *clip_at(const char *text, enum script script, char quoted, size_t max_bytes, size_t n_raw_total)
{
    char mark[MARK_BYTES];
    size_t n_raw;
    size_t length = clip_length(text, script, quoted, max_bytes, &n_raw);

    if (!text[length])
        return g_strdup(text);
    /* The mark is longest when all is left out: room for that is room enough. */
    length = (size_t)snprintf(mark, sizeof mark, MARK "%zu)", n_raw_total);
    length = clip_length(text, script, quoted, max_bytes > length ? max_bytes - length : 0, &n_raw);
    return g_strdup_printf("%.*s" MARK "%zu)", (int)length, text, n_raw_total - n_raw);
}

char *clip_text(const char *raw, char quoted, size_t max_bytes)
{
    size_t n_raw = strlen(raw);
    g_autofree char *text = mask(text_escape(raw, n_raw, NULL));

    return clip_at(text, SCRIPT_ESCAPED, quoted, max_bytes, n_raw);
}

char *clip_clean(const char *raw, size_t max_bytes)
{
    size_t n_raw = strlen(raw);
    g_autofree char *text = mask(text_clean(raw, n_raw));

    return clip_at(text, SCRIPT_CLEAN, '\0', max_bytes, n_raw);
}

char *clip_line(const char *line, size_t max_bytes)
{
    size_t length = strlen(line);
    size_t n_raw;

    if (length <= max_bytes)
        return g_strdup(line);
    /* Counted in bytes of the line: there is nothing raw any more. */
    length =
        clip_length(line, SCRIPT_ESCAPED, '\0', max_bytes > MARK_BYTES ? max_bytes - MARK_BYTES : 0, &n_raw);
    return g_strdup_printf("%.*s" MARK "%zu)", (int)length, line, strlen(line) - length);
}
