/* dn_pairs: reads lines of two DNs, each in base64, with a tab between, and answers a line each: `equal`,
 * `different`, or `invalid` when either is no DN. It lets tests/live ask dn_equal(). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dn/dn.h"
#include "dn/equal.h"
#include "dn/parse.h"

static struct dn *read_dn(const char *base64)
{
    gsize length = 0;
    g_autofree guchar *octets = g_base64_decode(base64, &length);
    g_autofree char *text = g_strndup((const char *)octets, length);

    return dn_parse(text, NULL, NULL);
}

static const char *answer(const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", 2);
    g_autoptr(dn_t) first = fields[0] ? read_dn(fields[0]) : NULL;
    g_autoptr(dn_t) second = fields[0] && fields[1] ? read_dn(fields[1]) : NULL;

    if (!first || !second)
        return "invalid";
    return dn_equal(first, second) ? "equal" : "different";
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;

    while (getline(&line, &capacity, stdin) > 0)
        puts(answer(g_strchomp(line)));
    free(line);
    return 0;
}
