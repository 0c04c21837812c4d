#include "config/account.h"

#include <string.h>

#include "config/name.h"
#include "config/value_error.h"
#include "dn/form.h"

/* What the name of an account in Active Directory never has in it: so a DN is never taken for one. */
#define FORBIDDEN "\"/\\[]:;|=,+*?<>@"

static bool is_user(const char *text)
{
    for (const char *at = text; *at; at++)
        if (g_ascii_iscntrl(*at) || strchr(FORBIDDEN, *at))
            return false;
    return *text != '\0';
}

static bool is_domain(const char *text, size_t length)
{
    return length > 0 && *text != '.' &&
           strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") >= length;
}

static bool is_user_at_realm(const char *text)
{
    const char *at = strchr(text, '@');
    g_autofree char *user = at ? g_strndup(text, (gsize)(at - text)) : NULL;

    return at && is_user(user) && is_domain(at + 1, strlen(at + 1));
}

static bool is_user_of_domain(const char *text)
{
    const char *slash = strchr(text, '\\');

    return slash && is_domain(text, (size_t)(slash - text)) && is_user(slash + 1);
}

static bool parse_account(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    const char *rest;

    if (strchr(text, '=') && dn_form_of(text, &rest) == DN_FORM_LDAP)
        return value_dn.parse(text, limits, target, error);
    if (!is_user_at_realm(text) && !is_user_of_domain(text))
        return value_fail(error, text,
                          "is no name to log in with, expected a DN, or user@realm or DOMAIN\\user for "
                          "Active Directory");
    value_set_text(target, g_strdup(text));
    return true;
}

static bool parse_principal(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    const char *at = strchr(text, '@');
    bool is_principal = at && at > text && is_domain(at + 1, strlen(at + 1));

    (void)limits;
    for (const char *c = text; *c; c++)
        is_principal = is_principal && g_ascii_isgraph(*c) && *c != '\\';
    if (!is_principal)
        return value_fail(error, text, "is no principal of Kerberos, expected NAME@REALM");
    value_set_text(target, g_strdup(text));
    return true;
}

const struct value_type value_account = {"DN, user@realm or DOMAIN\\user", parse_account};
const struct value_type value_principal = {"NAME@REALM", parse_principal};
