#include "config/value_error.h"

#include <string.h>

#include "config/quote.h"

GQuark value_error_quark(void)
{
    return g_quark_from_static_string("dndrift-value-error");
}

static void set_error(GError **error, const char *format, va_list arguments)
{
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);

    g_set_error_literal(error, VALUE_ERROR, 0, sentence);
}

bool value_error_set(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_error(error, format, arguments);
    va_end(arguments);
    return false;
}

/* What stands between the colon and the @ of a URI is a password. */
static char *hide_password(const char *text)
{
    const char *authority = strstr(text, "://");
    const char *colon = authority ? strchr(authority + strlen("://"), ':') : NULL;
    const char *at = colon ? strrchr(colon, '@') : NULL;

    return at ? g_strdup_printf("%.*s:...%s", (int)(colon - text), text, at) : g_strdup(text);
}

bool value_fail(GError **error, const char *text, const char *clause, ...)
{
    g_autofree char *shown = hide_password(text);
    g_autofree char *quoted = quote(shown);
    va_list arguments;

    va_start(arguments, clause);
    g_autofree char *formatted = g_strdup_vprintf(clause, arguments);
    va_end(arguments);
    return value_error_set(error, "%s %s", quoted, formatted);
}

void value_error_join(GError **all, GError *one)
{
    if (*all) {
        g_prefix_error(&one, "%s; ", (*all)->message);
        g_clear_error(all);
    }
    *all = one;
}
