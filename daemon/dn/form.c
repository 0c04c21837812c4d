#include "dn/form.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* None of these can begin an attribute type, so none can begin an LDAP DN. */
static const struct {
    const char *prefix;
    const char *description;
} prefixes[] = {
    {"/", "an X.500 slash form"},
    {"EX:", "an Exchange address (X.500 slash form)"},
    {"X500:", "an X.500 address (slash form)"},
    {"<GUID=", "an extended DN of Active Directory"},
    {"<SID=", "an extended DN of Active Directory"},
    {"<WKGUID=", "an extended DN of Active Directory"},
    {"ldap://", "an LDAP URL"},
    {"ldaps://", "an LDAP URL"},
    {"ldapi://", "an LDAP URL"},
};

/* `example.com/Sales`: a domain name up to the first slash, so there is no `=` where a type would end. */
static bool is_canonical_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    return length > 0 && text[length] == '/';
}

const char *form_foreign(const char *text)
{
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_ascii_strncasecmp(text, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0)
            return prefixes[i].description;
    return is_canonical_name(text) ? "a canonical name of Active Directory" : NULL;
}
