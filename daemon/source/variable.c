#include "source/variable.h"

#include <string.h>

#include "dn/text.h"
#include "source/source.h"

bool variable_is_in(const char *value)
{
    for (const char *at = value; *at; at++)
        if ((*at == '%' && (g_ascii_isalnum(at[1]) || at[1] == '{')) || (*at == '$' && at[1] == '{'))
            return true;
    return false;
}

char *variable_expand(const char *value, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (const char *at = value; *at; at++) {
        if (*at == '%' && *++at != '%')
            return variable_fail(value, error);
        g_string_append_c(text, *at);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

void *variable_fail(const char *value, GError **error)
{
    g_autofree char *shown = text_clean(value, strnlen(value, SOURCE_SHOWN));

    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT,
                "`%s` is put together at each look-up and no fixed DN", shown);
    return NULL;
}
