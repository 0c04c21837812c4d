/* One entry of a search result: its DN and the values that were asked for. Plain data. */
#ifndef DNDRIFT_PROBER_ENTRY_H
#define DNDRIFT_PROBER_ENTRY_H

#include <glib.h>
#include <ldap.h>
#include <stdbool.h>

#define ENTRY_MAX_VALUES 256 /* that are kept; the rest is not looked at */

struct entry_value {
    char *type;
    char *text;
};

struct entry {
    char *dn; /* as the directory spells it; raw */
    GPtrArray
        *values; /* of struct entry_value, in the order of the server; values with a NUL byte are left out */
};

/* NULL if the message is malformed or a NUL byte is in the DN. */
struct entry *entry_new(LDAP *ld, LDAPMessage *message);
void entry_free(struct entry *entry);

/* The first value of the type, or NULL. */
const char *entry_value(const struct entry *entry, const char *type);
#endif
