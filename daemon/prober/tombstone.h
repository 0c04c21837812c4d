/* What the directory keeps of an entry that is gone: its tombstone, where this account may read it. */
#ifndef DNDRIFT_PROBER_TOMBSTONE_H
#define DNDRIFT_PROBER_TOMBSTONE_H

#include "prober/probe.h"

/* near: the configured DN, whose naming context holds it; may be NULL. ret_tombstone->dn stays NULL if there
 * is none, or no answer: it adds to what is known, and decides nothing. false: the connection is lost. */
bool tombstone_find(struct probe *probe, const struct dn *near, const char *identity,
                    struct tombstone *ret_tombstone);
#endif
