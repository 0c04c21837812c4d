#include "dn/write.h"

#include <string.h>

#include "dn/canonical.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/x500.h"

#define X500_MAX_COMPONENT 64
#define X500_MAX_TOTAL     256
#define X500_MAX_LEVELS    16

static char *write_ldap(const struct dn *dn, GError **error)
{
    if (!canonical_is_untyped(dn))
        return dn_print(dn);
    g_set_error(error, DN_ERROR, DN_ERROR_FORM,
                "a canonical name does not tell the attribute types: only the directory knows the LDAP DN");
    return NULL;
}

char *dn_write(const struct dn *dn, enum dn_form form, GError **error)
{
    switch (form) {
    case DN_FORM_LDAP:
        return write_ldap(dn, error);
    case DN_FORM_X500:
        return x500_print(dn, error);
    case DN_FORM_CANONICAL:
        return canonical_print(dn, error);
    default:
        g_set_error(error, DN_ERROR, DN_ERROR_FORM, "%s is not written from a DN", dn_form_description(form));
        return NULL;
    }
}

/* With backslashes, or without the first slash, as the other one has it. */
static char *restyle(char *written, const char *like)
{
    if (*like == '\\')
        g_strdelimit(written, "/", '\\');
    else if (*like != '/' && *written == '/')
        memmove(written, written + 1, strlen(written));
    return written;
}

char *dn_write_like(const char *text, const char *like, GError **error)
{
    const char *rest;
    enum dn_form form = dn_form_of(like, &rest);
    g_autoptr(dn_t) dn = dn_parse(text, NULL, error);
    g_autofree char *prefix = g_strndup(like, (gsize)(rest - like));
    g_autofree char *written = dn ? dn_write(dn, form, error) : NULL;

    if (!written)
        return NULL;
    if (form == DN_FORM_X500 && *rest == '\\' && strchr(written, '\\')) {
        g_set_error(error, DN_ERROR, DN_ERROR_FORM,
                    "a slash form with backslashes cannot write a value that has one");
        return NULL;
    }
    if (form == DN_FORM_X500)
        restyle(written, rest);
    return g_strconcat(prefix, written, NULL);
}

G_GNUC_PRINTF(2, 3) static void warn(GPtrArray *warnings, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(warnings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static bool is_allowed(char c)
{
    return g_ascii_isalnum(c) || (c && strchr(" !\"%&\\()*+,-.:<=>?@[]_|", c));
}

static void lint_value(GPtrArray *warnings, const struct dn_rdn *rdn)
{
    const struct dn_ava *ava = &rdn->avas[0];
    g_autofree char *shown = dn_print_rdn(rdn);

    if (ava->length > X500_MAX_COMPONENT)
        warn(warnings, "%s is longer than the %d characters a component may have", shown, X500_MAX_COMPONENT);
    if (ava->length > 0 && (ava->value[0] == ' ' || ava->value[ava->length - 1] == ' '))
        warn(warnings, "%s begins or ends with a blank", shown);
    for (size_t i = 0; i < ava->length; i++)
        if (!is_allowed(ava->value[i])) {
            warn(warnings, "%s holds a character that Exchange does not allow there", shown);
            return;
        }
}

GPtrArray *dn_lint(const struct dn *dn, enum dn_form form)
{
    GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);
    size_t total = 0;

    if (form != DN_FORM_X500)
        return warnings;
    for (unsigned i = dn->n_rdns; i-- > 0;) {
        lint_value(warnings, &dn->rdns[i]);
        total += dn->rdns[i].avas[0].length;
    }
    if (total > X500_MAX_TOTAL)
        warn(warnings, "it is longer than the %d characters that all components may have", X500_MAX_TOTAL);
    if (dn->n_rdns > X500_MAX_LEVELS)
        warn(warnings, "it has more than %d levels", X500_MAX_LEVELS);
    return warnings;
}
