/* The entries right below a container that match a filter, counted up to a limit by searches one level deep.
 */
#ifndef DNDRIFT_PROBER_COUNT_H
#define DNDRIFT_PROBER_COUNT_H

#include "prober/probe.h"

#define COUNT_MAX 1000000 /* entries, whatever the limit */

/* Where the server ends a search sooner than the limit, it is asked for pages (RFC 2696), if it has them.
 * limit is at least 1. *failure says why for COUNT_FAILED, and for a COUNT_AT_LEAST that did not reach the
 * limit. false: the connection is lost. */
bool count_below(struct probe *probe, const char *dn, const char *filter, uint32_t limit,
                 struct count *ret_count, struct failure *failure);
#endif
