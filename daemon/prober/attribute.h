/* The values of the attribute that is compared in place of the DN. A server may call it by another of its
 * names than the question does: `surname` comes back as `sn`. */
#ifndef DNDRIFT_PROBER_ATTRIBUTE_H
#define DNDRIFT_PROBER_ATTRIBUTE_H

#include "prober/probe.h"

/* Of an entry that was read with `attribute` and the others (NULL-terminated): the value that is most like
 * `like`, or NULL if it shows none. */
const char *attribute_nearest(const struct entry *entry, const char *attribute, const char *const *others,
                              const char *like);

/* All of them (char *); NULL and the failure where some may be missing, or one is no text. */
GPtrArray *attribute_values(const struct entry *entry, const char *attribute, const char *const *others,
                            struct failure *failure);

/* Reads it of the entry at `dn`, which has this identity (NULL: whatever is there): ID_FOUND with *ret_value,
 * which is the caller's, ID_VALUELESS, ID_VALUE_HIDDEN or ID_FAILED; *failure is of use for the last two.
 * false: the connection is lost. */
bool attribute_read(struct probe *probe, const char *dn, const char *identity, const char *attribute,
                    const char *like, enum id_answer *ret_answer, char **ret_value, struct failure *failure);

/* Reads it of the nearest entry above `dn` that shows one, within the naming context: *ret_value is the
 * caller's, NULL if none does. *ret_is_read: whether all answers were complete. false: the connection is
 * lost. */
bool attribute_read_above(struct probe *probe, const char *dn, const char *attribute, const char *like,
                          bool *ret_is_read, char **ret_value);
#endif
