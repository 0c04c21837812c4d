/* How many entries live right below a container, and how many of them are those that are expected there. */
#ifndef DNDRIFT_PROBER_CENSUS_H
#define DNDRIFT_PROBER_CENSUS_H

#include "prober/probe.h"

/* The entry was read with WISH_CHILDREN. Fills entries and, if the question has an entry_filter, matching: a
 * container whose entries this account may not see is told from an empty one where the server tells that it
 * has some. *failure says why for COUNT_FAILED, and for a COUNT_AT_LEAST that did not reach entry_limit.
 * false: the connection is lost. */
bool census_take(struct probe *probe, const struct entry *entry, const struct question *question,
                 struct observation *seen, struct failure *failure);
#endif
