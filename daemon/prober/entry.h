/* One entry of a search result: its DN and the values that were asked for. Plain data. */
#ifndef DNDRIFT_PROBER_ENTRY_H
#define DNDRIFT_PROBER_ENTRY_H

#include <glib.h>
#include <ldap.h>
#include <stdbool.h>

#define ENTRY_MAX_VALUES 256 /* that are kept; the rest is not looked at */

struct entry_value {
    char *type;
    char *octets; /* with a NUL behind them */
    size_t length;
};

struct entry {
    char *dn;          /* as the directory spells it; raw */
    GPtrArray *values; /* of struct entry_value, in the order of the server */
};

/* NULL if the message is malformed or a NUL byte is in the DN. */
struct entry *entry_new(LDAP *ld, LDAPMessage *message);
void entry_free(struct entry *entry);

/* The value as text if it is one, of this type and without a NUL byte; else NULL. */
const char *entry_value_text(const struct entry_value *value, const char *type);

/* The first value of the type as it is, or NULL. */
const struct entry_value *entry_value(const struct entry *entry, const char *type);

/* The first value of the type that is text, or NULL. */
const char *entry_text(const struct entry *entry, const char *type);

/* Whether a value of the type is this text; whether one begins so. Case does not matter. */
bool entry_has(const struct entry *entry, const char *type, const char *text);
bool entry_has_beginning(const struct entry *entry, const char *type, const char *beginning);
#endif
