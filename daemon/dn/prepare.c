#include "dn/prepare.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct range {
    gunichar first, last;
};

/* RFC 4518 2.2: code points that are mapped to nothing. */
static const struct range ignored[] = {
    {0x0000, 0x0008}, {0x000E, 0x001F}, {0x007F, 0x0084},   {0x0086, 0x009F},   {0x00AD, 0x00AD},
    {0x034F, 0x034F}, {0x06DD, 0x06DD}, {0x070F, 0x070F},   {0x1806, 0x1806},   {0x180B, 0x180E},
    {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2063},   {0x206A, 0x206F},   {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFC}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001}, {0xE0020, 0xE007F},
};

/* RFC 4518 2.2: code points that are mapped to SPACE. */
static const struct range blanks[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

static bool is_in(gunichar c, const struct range *ranges, size_t n_ranges)
{
    for (size_t i = 0; i < n_ranges && ranges[i].first <= c; i++)
        if (c <= ranges[i].last)
            return true;
    return false;
}

/* NUL is a character here like any other; GLib takes it for an end. */
static bool is_utf8(const char *value, size_t length)
{
    const char *end = value + length;

    while (!g_utf8_validate_len(value, (gsize)(end - value), &value)) {
        if (*value != '\0')
            return false;
        value++;
    }
    return true;
}

static GString *map(const char *value, size_t length)
{
    GString *mapped = g_string_sized_new(length + 1);

    for (const char *at = value; at < value + length; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (is_in(c, blanks, G_N_ELEMENTS(blanks)))
            g_string_append_c(mapped, ' ');
        else if (!is_in(c, ignored, G_N_ELEMENTS(ignored)))
            g_string_append_unichar(mapped, c);
    }
    return mapped;
}

/* The folding of RFC 3454 B.2 is made for use with NFKC: it also folds what only the normal form shows to be
 * a letter (a mathematical bold A). Folding and normalising twice gives the same. */
static char *fold_unicode(const char *mapped)
{
    char *folded = g_strdup(mapped);

    for (int round = 0; round < 2; round++) {
        g_autofree char *before = folded;
        g_autofree char *lower = g_utf8_casefold(before, -1);

        folded = g_utf8_normalize(lower, -1, G_NORMALIZE_NFKC);
    }
    return folded;
}

static GString *fold(GString *mapped)
{
    g_autofree char *folded = NULL;

    if (g_str_is_ascii(mapped->str))
        return g_string_ascii_down(mapped);
    folded = fold_unicode(mapped->str);
    return g_string_assign(mapped, folded);
}

/* RFC 4518 2.6.1: a space that carries a combining mark is no space. */
static bool is_insignificant(const char *space, const char *end)
{
    gunichar next = space + 1 < end ? g_utf8_get_char_validated(space + 1, end - space - 1) : ' ';

    return next >= 0x110000 || !g_unichar_ismark(next);
}

static char *squeeze(const GString *folded, size_t *ret_length)
{
    const char *end = folded->str + folded->len;
    GString *out = g_string_sized_new(folded->len + 1);
    bool is_blank_owed = false;

    for (const char *at = folded->str; at < end; at++) {
        if (*at == ' ' && is_insignificant(at, end)) {
            is_blank_owed = out->len > 0;
            continue;
        }
        if (is_blank_owed)
            g_string_append_c(out, ' ');
        is_blank_owed = false;
        g_string_append_c(out, *at);
    }
    *ret_length = out->len;
    return g_string_free(out, FALSE);
}

char *dn_prepare(const char *value, size_t length, size_t *ret_length)
{
    GString *folded = is_utf8(value, length) ? fold(map(value, length))
                                             : g_string_ascii_down(g_string_new_len(value, (gssize)length));
    char *prepared = squeeze(folded, ret_length);

    g_string_free(folded, TRUE);
    return prepared;
}
