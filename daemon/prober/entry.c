#include "prober/entry.h"

#include <string.h>

static void entry_value_free(struct entry_value *value)
{
    g_free(value->type);
    g_free(value->octets);
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
    g_autofree char *name = text_of(type);

    if (!name || entry->values->len >= ENTRY_MAX_VALUES)
        return;
    struct entry_value *value = g_new(struct entry_value, 1);
    value->type = g_steal_pointer(&name);
    value->length = bytes->bv_len;
    value->octets = g_malloc(value->length + 1);
    memcpy(value->octets, bytes->bv_val, value->length);
    value->octets[value->length] = '\0';
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

const char *entry_value_text(const struct entry_value *value, const char *type)
{
    return g_ascii_strcasecmp(value->type, type) == 0 && strlen(value->octets) == value->length
               ? value->octets
               : NULL;
}

const struct entry_value *entry_value(const struct entry *entry, const char *type)
{
    for (unsigned i = 0; i < entry->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(entry->values, i);
        if (g_ascii_strcasecmp(value->type, type) == 0)
            return value;
    }
    return NULL;
}

const char *entry_text(const struct entry *entry, const char *type)
{
    for (unsigned i = 0; i < entry->values->len; i++) {
        const char *text = entry_value_text(g_ptr_array_index(entry->values, i), type);
        if (text)
            return text;
    }
    return NULL;
}

static bool has(const struct entry *entry, const char *type, const char *beginning, size_t length)
{
    for (unsigned i = 0; i < entry->values->len; i++) {
        const char *text = entry_value_text(g_ptr_array_index(entry->values, i), type);
        if (text && g_ascii_strncasecmp(text, beginning, length) == 0)
            return true;
    }
    return false;
}

bool entry_has(const struct entry *entry, const char *type, const char *text)
{
    return has(entry, type, text, strlen(text) + 1);
}

bool entry_has_beginning(const struct entry *entry, const char *type, const char *beginning)
{
    return has(entry, type, beginning, strlen(beginning));
}
