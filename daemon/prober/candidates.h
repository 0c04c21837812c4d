/* The containers that may be the ones that are meant (dndriftctl obtain): found by a name or by what they
 * hold, and each told with all that a configuration needs of it. */
#ifndef DNDRIFT_PROBER_CANDIDATES_H
#define DNDRIFT_PROBER_CANDIDATES_H

#include "prober/connection.h"
#include "prober/profile.h"

/* Tells the parent all of them. false: the connection is lost, or no search was answered;
 * connection->failed is set, and what was told does not count. */
bool candidates_find(struct connection *connection, struct profile *profile,
                     const struct wire_wanted *wanted);
#endif
