#include "source/base.h"

#include <string.h>

#include "dn/read.h"
#include "dn/text.h"
#include "source/lines.h"
#include "source/variable.h"

static bool fail(GError **error, const char *value, const char *why)
{
    g_autofree char *shown = text_clean(value, strnlen(value, SOURCE_SHOWN));

    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "`%s` %s", shown, why);
    return false;
}

/* The program hands it to the server as it stands, and has its variables put in already. */
static bool is_of_program(enum source_kind kind)
{
    return kind >= SOURCE_POSTFIX;
}

bool base_check(const char *base, enum dn_form *ret_form, GError **error)
{
    g_autoptr(GError) syntax = NULL;
    g_autofree char *why = NULL;
    g_autoptr(dn_t) dn = dn_read(base, ret_form, &syntax);

    if (!g_utf8_validate(base, -1, NULL))
        return fail(error, base, "is no UTF-8, as a DN must be");
    if (dn || *ret_form == DN_FORM_EXTENDED)
        return true;
    why = g_strdup_printf("is no DN: %s", syntax->message);
    return fail(error, base, why);
}

static bool is_dn(const char *base, enum source_kind kind, GError **error)
{
    g_autofree char *why = NULL;
    enum dn_form form;

    if (!base_check(base, &form, error))
        return false;
    if (!is_of_program(kind) || form == DN_FORM_LDAP || form == DN_FORM_EXTENDED)
        return true;
    why = g_strdup_printf("is %s, which no server takes for a search base", dn_form_description(form));
    return fail(error, base, why);
}

static bool contains(const GPtrArray *bases, const char *base)
{
    for (unsigned i = 0; i < bases->len; i++)
        if (strcmp(bases->pdata[i], base) == 0)
            return true;
    return false;
}

static bool add_base(GPtrArray *bases, const char *text, enum source_kind kind, GError **error)
{
    g_autofree char *base = line_trim(text, " \t\r\n");

    if (*base == '\0')
        return fail(error, base, "is empty: the consumer searches from the top");
    if (!is_of_program(kind) && variable_is_in(base))
        return variable_fail(base, error);
    if (!is_dn(base, kind, error))
        return false;
    if (contains(bases, base))
        return true;
    if (bases->len == SOURCE_MAX_VALUES) {
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "holds more than %d DNs", SOURCE_MAX_VALUES);
        return false;
    }
    g_ptr_array_add(bases, g_steal_pointer(&base));
    return true;
}

/* BASE, or BASE?SCOPE?FILTER, again and again; a DN has no question mark but an escaped one. */
static bool add_search_bases(GPtrArray *bases, const char *value, GError **error)
{
    static const char *const scopes[] = {"", "base", "one", "onelevel", "sub", "subtree", NULL};
    g_auto(GStrv) parts = g_strsplit(*value ? value : " ", "?", -1);
    unsigned n = g_strv_length(parts);

    if (n > 1 && n % 3 != 0)
        return fail(error, value, "is no list of BASE?SCOPE?FILTER");
    for (unsigned i = 0; i < n; i += 3) {
        g_autofree char *scope = n > 1 ? g_ascii_strdown(parts[i + 1], -1) : g_strdup("");

        if (!g_strv_contains(scopes, scope))
            return fail(error, value, "has a scope other than base, onelevel and subtree");
        if (!add_base(bases, parts[i], SOURCE_SSSD, error))
            return false;
    }
    return true;
}

GPtrArray *base_list(const GPtrArray *values, enum source_kind kind, GError **error)
{
    g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func(g_free);

    if (values->len > SOURCE_MAX_FOUND) {
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "holds more than %d DNs", SOURCE_MAX_FOUND);
        return NULL;
    }
    for (unsigned i = 0; i < values->len; i++) {
        bool is_added = kind == SOURCE_SSSD ? add_search_bases(bases, values->pdata[i], error)
                                            : add_base(bases, values->pdata[i], kind, error);
        if (!is_added)
            return NULL;
    }
    return g_steal_pointer(&bases);
}
