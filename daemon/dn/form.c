#include "dn/form.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const struct {
    const char *name;
    const char *description;
} forms[DN_FORMS] = {
    [DN_FORM_LDAP] = {"ldap", "an LDAP DN"},
    [DN_FORM_X500] = {"x500", "an X.500 slash form"},
    [DN_FORM_CANONICAL] = {"canonical", "a canonical name of Active Directory"},
    [DN_FORM_EXTENDED] = {"extended", "an extended DN of Active Directory"},
};

/* None of these can begin an attribute type, so none can begin an LDAP DN. */
static const struct {
    const char *text;
    enum dn_form form;
    bool is_part; /* of what follows */
} prefixes[] = {
    {"EX:", DN_FORM_X500, false},
    {"X500:", DN_FORM_X500, false},
    {"canonical:", DN_FORM_CANONICAL, false},
    {"ldap:", DN_FORM_LDAP, false},
    {"<GUID=", DN_FORM_EXTENDED, true},
    {"<SID=", DN_FORM_EXTENDED, true},
    {"<WKGUID=", DN_FORM_EXTENDED, true},
    {"/", DN_FORM_X500, true},
    {"\\", DN_FORM_X500, true},
};

static const char *const urls[] = {"ldap://", "ldaps://", "ldapi://"};

/* The types of a slash form that has lost its first slash. */
static const char *const slash_types[] = {"o=", "ou=", "cn=", "c=", "l=", "st=", "dc="};

const char *dn_form_name(enum dn_form form)
{
    return (unsigned)form < DN_FORMS ? forms[form].name : "unknown";
}

const char *dn_form_description(enum dn_form form)
{
    return (unsigned)form < DN_FORMS ? forms[form].description : "no DN";
}

static bool begins_with(const char *text, const char *prefix)
{
    return g_ascii_strncasecmp(text, prefix, strlen(prefix)) == 0;
}

static bool begins_with_type(const char *text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(slash_types); i++)
        if (begins_with(text, slash_types[i]))
            return true;
    return false;
}

/* `o=mms/ou=charlotte`: a type behind each slash, and no comma that an LDAP DN would have. */
static bool is_slash_form(const char *text)
{
    const char *slash = strchr(text, '/');

    if (!slash || !begins_with_type(text) || strchr(text, ','))
        return false;
    for (; slash; slash = strchr(slash + 1, '/'))
        if (!begins_with_type(slash + 1))
            return false;
    return true;
}

/* `example.com/Sales`: a domain name up to the first slash, so there is no `=` where a type would end. */
static bool is_canonical_name(const char *text)
{
    size_t length = strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-_");

    return length > 0 && text[length] == '/';
}

enum dn_form dn_form_of(const char *whole, const char **ret_rest)
{
    const char *text = whole + strspn(whole, " \t\r\n");

    for (size_t i = 0; i < G_N_ELEMENTS(prefixes) && !form_foreign(text); i++) {
        if (!begins_with(text, prefixes[i].text))
            continue;
        *ret_rest = text + (prefixes[i].is_part ? 0 : strlen(prefixes[i].text));
        return prefixes[i].form;
    }
    *ret_rest = text;
    if (is_slash_form(text))
        return DN_FORM_X500;
    if (is_canonical_name(text))
        return DN_FORM_CANONICAL;
    *ret_rest = whole;
    return DN_FORM_LDAP;
}

const char *form_foreign(const char *text)
{
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < G_N_ELEMENTS(urls); i++)
        if (begins_with(text, urls[i]))
            return "an LDAP URL";
    return NULL;
}
