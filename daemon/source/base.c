#include "source/base.h"

#include <string.h>

#include "dn/read.h"
#include "dn/text.h"
#include "source/source.h"

#define MAX_SHOWN 1024 /* bytes */

static bool fail(GError **error, const char *value, const char *why)
{
    size_t length = strlen(value);
    g_autofree char *shown = text_clean(value, MIN(length, MAX_SHOWN));

    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "`%s%s` %s", shown,
                length > MAX_SHOWN ? "..." : "", why);
    return false;
}

/* %s %u %d %1 of Postfix, %{...} of Dovecot, ${...} of FreeRADIUS: put in at each look-up. */
static bool is_dynamic(const char *value)
{
    for (const char *at = value; *at; at++)
        if ((*at == '%' && (g_ascii_isalnum(at[1]) || at[1] == '{')) || (*at == '$' && at[1] == '{'))
            return true;
    return false;
}

static bool contains(const GPtrArray *bases, const char *base)
{
    for (unsigned i = 0; i < bases->len; i++)
        if (strcmp(bases->pdata[i], base) == 0)
            return true;
    return false;
}

static bool add_base(GPtrArray *bases, const char *text, GError **error)
{
    g_autofree char *base = g_strstrip(g_strdup(text));
    g_autoptr(GError) syntax = NULL;
    enum dn_form form;

    if (*base == '\0')
        return fail(error, base, "is empty: the consumer searches from the top");
    if (is_dynamic(base))
        return fail(error, base, "is put together at each look-up and no fixed DN");
    g_autoptr(dn_t) dn = dn_read(base, &form, &syntax);
    if (!dn && form != DN_FORM_EXTENDED) {
        g_autofree char *why = g_strdup_printf("is no DN: %s", syntax->message);
        return fail(error, base, why);
    }
    if (contains(bases, base))
        return true;
    if (bases->len == SOURCE_MAX_VALUES) {
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "holds more than %d DNs", SOURCE_MAX_VALUES);
        return false;
    }
    g_ptr_array_add(bases, g_steal_pointer(&base));
    return true;
}

/* BASE?SCOPE?FILTER, again and again; a DN has no question mark but an escaped one. */
static bool add_search_bases(GPtrArray *bases, const char *value, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(value, "?", -1);

    if (!parts[0]) /* of nothing there are no parts */
        return add_base(bases, value, error);
    for (unsigned i = 0; parts[i]; i++)
        if (i % 3 == 0 && !add_base(bases, parts[i], error))
            return false;
    return true;
}

GPtrArray *base_list(const GPtrArray *values, bool is_search_base, GError **error)
{
    g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func(g_free);

    for (unsigned i = 0; i < values->len; i++) {
        bool is_added = is_search_base ? add_search_bases(bases, values->pdata[i], error)
                                       : add_base(bases, values->pdata[i], error);
        if (!is_added)
            return NULL;
    }
    return g_steal_pointer(&bases);
}
