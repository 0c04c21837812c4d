/* Which ancestor of a DN is the deepest that exists, on servers that give no matchedDN: found by walking up
 * with base searches. */
#ifndef DNDRIFT_PROBER_ANCESTRY_H
#define DNDRIFT_PROBER_ANCESTRY_H

#include "prober/probe.h"

/* From the parent of dn up to its naming context; each is asked for once in a batch. *ret_dn, the caller's,
 * is the first that answers; NULL if none does, or if one got no complete answer: then *failure says why.
 * false: the connection is lost. */
bool ancestry_find(struct probe *probe, const struct dn *dn, char **ret_dn, struct failure *failure);
#endif
