#include "prober/entry.h"

#include <string.h>

static void entry_value_free(struct entry_value *value)
{
    g_free(value->type);
    g_free(value->text);
    g_free(value);
}

/* NULL where a NUL byte would cut the text short. */
static char *text_of(const struct berval *bytes)
{
    if (!bytes->bv_val || memchr(bytes->bv_val, '\0', bytes->bv_len))
        return NULL;
    return g_strndup(bytes->bv_val, bytes->bv_len);
}

static void add_value(struct entry *entry, const struct berval *type, const struct berval *bytes)
{
    g_autofree char *text = text_of(bytes), *name = text_of(type);

    if (!text || !name || entry->values->len >= ENTRY_MAX_VALUES)
        return;
    struct entry_value *value = g_new(struct entry_value, 1);
    value->type = g_steal_pointer(&name);
    value->text = g_steal_pointer(&text);
    g_ptr_array_add(entry->values, value);
}

/* false: malformed. The bytes belong to the message. */
static bool add_attributes(struct entry *entry, LDAP *ld, LDAPMessage *message, BerElement *ber)
{
    for (;;) {
        struct berval type = {0};
        BerVarray values = NULL;

        if (ldap_get_attribute_ber(ld, message, ber, &type, &values) != LDAP_SUCCESS)
            return false;
        if (!type.bv_val)
            return true;
        for (BerVarray value = values; value && value->bv_val; value++)
            add_value(entry, &type, value);
        ber_memfree(values);
    }
}

struct entry *entry_new(LDAP *ld, LDAPMessage *message)
{
    struct entry *entry = g_new0(struct entry, 1);
    struct berval dn = {0};
    BerElement *ber = NULL;

    entry->values = g_ptr_array_new_with_free_func((GDestroyNotify)entry_value_free);
    bool is_good = ldap_get_dn_ber(ld, message, &ber, &dn) == LDAP_SUCCESS && ber &&
                   (entry->dn = text_of(&dn)) && add_attributes(entry, ld, message, ber);
    if (ber)
        ber_free(ber, 0);
    if (is_good)
        return entry;
    entry_free(entry);
    return NULL;
}

void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    g_free(entry->dn);
    g_ptr_array_unref(entry->values);
    g_free(entry);
}

const char *entry_value(const struct entry *entry, const char *type)
{
    for (unsigned i = 0; i < entry->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(entry->values, i);
        if (g_ascii_strcasecmp(value->type, type) == 0)
            return value->text;
    }
    return NULL;
}
