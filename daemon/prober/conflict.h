/* Whether an entry is what a replication conflict left: two servers gave the same name, and this entry lost
 * it. */
#ifndef DNDRIFT_PROBER_CONFLICT_H
#define DNDRIFT_PROBER_CONFLICT_H

#include "prober/kind.h"

/* By the attribute that says so (WISH_CONFLICT reads it), or by the mark in its own RDN. */
bool conflict_is(const struct kind *kind, const struct entry *entry);
#endif
