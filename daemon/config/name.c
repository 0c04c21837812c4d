#include "config/name.h"

#include "config/value_error.h"
#include "dn/read.h"

#include <string.h>

static const struct {
    const char *attribute;
    const char *shape; /* x: a hex digit */
} identities[] = {
    {"entryUUID", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"},
    {"objectGUID", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"},
    {"nsUniqueId", "xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx"},
};

bool name_is_valid(const char *name)
{
    size_t length = strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-");

    return g_ascii_isalnum(*name) && name[length] == '\0' && length <= NAME_MAX_BYTES;
}

static bool parse_name(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    if (!name_is_valid(text))
        return value_fail(error, text, "is no name, " NAME_EXPECTED);
    value_set_text(target, g_strdup(text));
    return true;
}

static bool parse_dn(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    g_autoptr(GError) syntax = NULL;
    enum dn_form form;
    g_autoptr(dn_t) dn = dn_read(text, &form, &syntax);

    (void)limits;
    if (!dn && form != DN_FORM_EXTENDED)
        return value_fail(error, text, "is no DN: %s", syntax->message);
    value_set_text(target, g_strdup(text));
    return true;
}

static bool parse_told(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    (void)error;
    value_set_text(target, g_strdup(text));
    return true;
}

static bool has_shape(const char *text, const char *shape)
{
    for (; *shape; text++, shape++)
        if (*shape == 'x' ? !g_ascii_isxdigit(*text) : *text != *shape)
            return false;
    return *text == '\0';
}

static bool parse_identity(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    for (size_t i = 0; i < G_N_ELEMENTS(identities); i++) {
        const char *attribute = identities[i].attribute;
        size_t length = strlen(attribute);

        if (g_ascii_strncasecmp(text, attribute, length) != 0 || text[length] != ':')
            continue;
        if (!has_shape(text + length + 1, identities[i].shape))
            return value_fail(error, text, "is no identity, expected %s:%s with hexadecimal digits for x",
                              attribute, identities[i].shape);
        g_autofree char *value = g_ascii_strdown(text + length + 1, -1);

        value_set_text(target, g_strdup_printf("%s:%s", attribute, value));
        return true;
    }
    return value_fail(error, text,
                      "is no identity, expected ATTRIBUTE:VALUE, where ATTRIBUTE is entryUUID, "
                      "nsUniqueId or objectGUID");
}

const struct value_type value_name = {"name", parse_name};
const struct value_type value_dn = {"DN", parse_dn};
const struct value_type value_told = {"DN", parse_told};
const struct value_type value_identity = {"ATTRIBUTE:VALUE", parse_identity};
