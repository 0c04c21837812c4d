/* The id question: where is the entry with this identity? */
#ifndef DNDRIFT_PROBER_IDENTITY_H
#define DNDRIFT_PROBER_IDENTITY_H

#include "prober/probe.h"

/* By GUID where the server knows entries so, wherever they are. Else it searches the naming context that
 * holds `near` first (NULL: none is known), then the others. That first one decides: an entry does not move
 * between databases, so another that keeps itself closed proves nothing. When no context holds `near`,
 * ID_GONE takes a complete answer from every one of them. wishes (of enum wish): what else is read of the
 * entry. *ret_entry (ID_FOUND) is the caller's; *failure is of use for ID_REFUSED and ID_FAILED alone. false:
 * the connection is lost. */
bool identity_find(struct probe *probe, const struct dn *near, const char *identity, unsigned wishes,
                   enum id_answer *ret_answer, struct entry **ret_entry, struct failure *failure);

/* Whether the nearest of the ancestors (char *, parent first) that still exists is found by its id. false:
 * the connection is lost. */
bool identity_find_ancestor(struct probe *probe, const struct dn *near, GPtrArray *ancestors,
                            enum ancestor_answer *ret_answer, struct failure *failure);
#endif
