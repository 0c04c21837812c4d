#include "dn/attribute_type.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

enum { ALIASES_MAX = 4 };

struct attribute_type {
    const char *oid;
    const char *names[ALIASES_MAX]; /* the short one first */
};

static const struct attribute_type attribute_types[] = {
    /* RFC 4519 */
    {"2.5.4.3", {"cn", "commonName"}},
    {"2.5.4.4", {"sn", "surname"}},
    {"2.5.4.5", {"serialNumber"}},
    {"2.5.4.6", {"c", "countryName"}},
    {"2.5.4.7", {"l", "localityName"}},
    {"2.5.4.8", {"st", "stateOrProvinceName"}},
    {"2.5.4.9", {"street", "streetAddress"}},
    {"2.5.4.10", {"o", "organizationName"}},
    {"2.5.4.11", {"ou", "organizationalUnitName"}},
    {"2.5.4.12", {"title"}},
    {"2.5.4.13", {"description"}},
    {"2.5.4.15", {"businessCategory"}},
    {"2.5.4.16", {"postalAddress"}},
    {"2.5.4.17", {"postalCode"}},
    {"2.5.4.18", {"postOfficeBox"}},
    {"2.5.4.19", {"physicalDeliveryOfficeName"}},
    {"2.5.4.20", {"telephoneNumber"}},
    {"2.5.4.23", {"facsimileTelephoneNumber", "fax"}},
    {"2.5.4.27", {"destinationIndicator"}},
    {"2.5.4.31", {"member"}},
    {"2.5.4.32", {"owner"}},
    {"2.5.4.33", {"roleOccupant"}},
    {"2.5.4.34", {"seeAlso"}},
    {"2.5.4.41", {"name"}},
    {"2.5.4.42", {"givenName", "gn"}},
    {"2.5.4.43", {"initials"}},
    {"2.5.4.44", {"generationQualifier"}},
    {"2.5.4.45", {"x500UniqueIdentifier"}},
    {"2.5.4.46", {"dnQualifier"}},
    {"2.5.4.49", {"distinguishedName"}},
    {"2.5.4.51", {"houseIdentifier"}},
    {"0.9.2342.19200300.100.1.1", {"uid", "userid"}},
    {"0.9.2342.19200300.100.1.25", {"dc", "domainComponent"}},
    /* RFC 4524 */
    {"0.9.2342.19200300.100.1.3", {"mail", "rfc822Mailbox"}},
    {"0.9.2342.19200300.100.1.4", {"info"}},
    {"0.9.2342.19200300.100.1.6", {"roomNumber"}},
    {"0.9.2342.19200300.100.1.8", {"userClass"}},
    {"0.9.2342.19200300.100.1.9", {"host"}},
    {"0.9.2342.19200300.100.1.11", {"documentIdentifier"}},
    {"0.9.2342.19200300.100.1.20", {"homePhone", "homeTelephoneNumber"}},
    {"0.9.2342.19200300.100.1.37", {"associatedDomain"}},
    {"0.9.2342.19200300.100.1.41", {"mobile", "mobileTelephoneNumber"}},
    {"0.9.2342.19200300.100.1.42", {"pager", "pagerTelephoneNumber"}},
    {"0.9.2342.19200300.100.1.43", {"co", "friendlyCountryName"}},
    {"0.9.2342.19200300.100.1.44", {"uniqueIdentifier"}},
    /* RFC 2985; `email` as OpenLDAP names it, `E` as certificates are shown on Windows */
    {"1.2.840.113549.1.9.1", {"emailAddress", "email", "pkcs9email", "E"}},
    {"1.2.840.113549.1.9.2", {"unstructuredName"}},
    {"1.2.840.113549.1.9.8", {"unstructuredAddress"}},
};

static bool is_named(const struct attribute_type *known, const char *type)
{
    for (unsigned i = 0; i < ALIASES_MAX && known->names[i]; i++)
        if (g_ascii_strcasecmp(known->names[i], type) == 0)
            return true;
    return strcmp(known->oid, type) == 0;
}

const char *attribute_type_short(const char *type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(attribute_types); i++)
        if (is_named(&attribute_types[i], type))
            return attribute_types[i].names[0];
    return NULL;
}

bool attribute_type_equal(const char *a, const char *b)
{
    const char *short_a = attribute_type_short(a);
    const char *short_b = attribute_type_short(b);

    return g_ascii_strcasecmp(short_a ? short_a : a, short_b ? short_b : b) == 0;
}

static bool is_word_byte(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_'; /* some servers keep types with an underscore */
}

/* `1`, `2.5.4.3`: digits with single dots between them. */
static size_t oid_length(const char *text)
{
    size_t length = strspn(text, "0123456789");

    while (length && text[length] == '.' && g_ascii_isdigit(text[length + 1]))
        length += 1 + strspn(text + length + 1, "0123456789");
    return length;
}

static size_t descriptor_length(const char *text)
{
    size_t length = 0;

    if (g_ascii_isalpha(text[0]))
        while (is_word_byte(text[length]))
            length++;
    return length;
}

size_t attribute_type_length(const char *text)
{
    return g_ascii_isdigit(*text) ? oid_length(text) : descriptor_length(text);
}
