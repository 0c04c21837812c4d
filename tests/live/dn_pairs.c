/* dn_pairs: lets tests/live ask dn/. Reads lines of DNs, each in base64, with a tab between. Of two it
 * answers `equal`, `different`, or `invalid` when either is no DN. With a form as its argument it reads one a
 * line, in whichever form, and answers what it is in that one, in base64; `-`: nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/read.h"
#include "dn/write.h"

static char *read_text(const char *base64)
{
    gsize length = 0;
    g_autofree guchar *octets = g_base64_decode(base64, &length);

    return g_strndup((const char *)octets, length);
}

static struct dn *read_dn(const char *base64)
{
    g_autofree char *text = read_text(base64);

    return dn_parse(text, NULL, NULL);
}

static const char *compare(const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", 2);
    g_autoptr(dn_t) first = fields[0] ? read_dn(fields[0]) : NULL;
    g_autoptr(dn_t) second = fields[0] && fields[1] ? read_dn(fields[1]) : NULL;

    if (!first || !second)
        return "invalid";
    return dn_equal(first, second) ? "equal" : "different";
}

static char *rewrite(const char *line, const char *form)
{
    g_autofree char *text = read_text(line), *written = NULL;
    g_autoptr(dn_t) dn = dn_read(text, NULL, NULL);

    if (strcmp(form, "ldap") == 0)
        written = dn_read_as_ldap(text, NULL);
    else if (dn)
        written = dn_write(dn, strcmp(form, "x500") == 0 ? DN_FORM_X500 : DN_FORM_CANONICAL, NULL);
    return written ? g_base64_encode((const guchar *)written, strlen(written)) : g_strdup("-");
}

int main(int n_arguments, char **arguments)
{
    char *line = NULL;
    size_t capacity = 0;

    while (getline(&line, &capacity, stdin) > 0) {
        g_strchomp(line);
        g_autofree char *rewritten = n_arguments > 1 ? rewrite(line, arguments[1]) : NULL;
        puts(rewritten ? rewritten : compare(line));
    }
    free(line);
    return 0;
}
