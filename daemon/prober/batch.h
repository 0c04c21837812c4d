/* One batch of questions: the DN questions pipelined, what is left of each one at a time, every observation
 * told as soon as it is there. */
#ifndef DNDRIFT_PROBER_BATCH_H
#define DNDRIFT_PROBER_BATCH_H

#include "prober/connection.h"
#include "prober/profile.h"

#define BATCH_MAX_IN_FLIGHT 64  /* slapd drops an anonymous connection at more than 100 */
#define BATCH_SLICE         512 /* questions between whose two searches little time passes */

/* questions: of struct question. false: the connection is lost, connection->failed is set; what was told
 * counts. */
bool batch_run(struct connection *connection, struct profile *profile, GPtrArray *questions);
#endif
