#include "dn/fold.h"

#include <glib.h>
#include <string.h>

/* Bytes that are no UTF-8 are taken as they are, with ASCII folded. g_free() it. */
static char *fold(const char *text)
{
    return g_utf8_validate(text, -1, NULL) ? g_utf8_casefold(text, -1) : g_ascii_strdown(text, -1);
}

bool fold_equal(const char *a, const char *b)
{
    g_autofree char *folded_a = fold(a), *folded_b = fold(b);

    return strcmp(folded_a, folded_b) == 0;
}

bool fold_begins(const char *text, const char *beginning, char then)
{
    g_autofree char *folded = fold(text), *start = fold(beginning);
    size_t length = strlen(start);

    return strncmp(folded, start, length) == 0 && folded[length] == then;
}

size_t fold_common(const char *a, const char *b)
{
    g_autofree char *folded_a = fold(a), *folded_b = fold(b);
    size_t n = 0;

    while (folded_a[n] && folded_a[n] == folded_b[n])
        n++;
    return n;
}
