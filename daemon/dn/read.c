#include "dn/read.h"

#include <string.h>

#include "dn/canonical.h"
#include "dn/parse.h"
#include "dn/write.h"
#include "dn/x500.h"

static struct dn *read_form(const char *text, enum dn_form form, GError **error)
{
    switch (form) {
    case DN_FORM_LDAP:
        return dn_parse(text, NULL, error);
    case DN_FORM_X500:
        return x500_parse(text, error);
    case DN_FORM_CANONICAL:
        return canonical_parse(text, error);
    default:
        g_set_error(error, DN_ERROR, DN_ERROR_FORM, "%s: only a server can tell what it leads to",
                    dn_form_description(form));
        return NULL;
    }
}

struct dn *dn_read(const char *text, enum dn_form *ret_form, GError **error)
{
    const char *foreign = form_foreign(text), *rest;
    enum dn_form form = dn_form_of(text, &rest);

    if (ret_form)
        *ret_form = form;
    if (strnlen(text, DN_MAX_BYTES + 1) > DN_MAX_BYTES) {
        g_set_error(error, DN_ERROR, DN_ERROR_LIMIT, "longer than %d bytes", DN_MAX_BYTES);
        return NULL;
    }
    if (foreign) {
        g_set_error(error, DN_ERROR, DN_ERROR_FORM, "%s is no DN; write the DN that stands in it", foreign);
        return NULL;
    }
    return read_form(rest, form, error);
}

char *dn_read_as_ldap(const char *text, GError **error)
{
    const char *rest;
    enum dn_form form = dn_form_of(text, &rest);
    g_autoptr(dn_t) dn = NULL;

    if (form == DN_FORM_EXTENDED)
        return g_strdup(rest);
    dn = dn_read(text, NULL, error);
    if (!dn)
        return NULL;
    return form == DN_FORM_LDAP ? g_strdup(rest) : dn_write(dn, DN_FORM_LDAP, error);
}
