/* The outages of all directories: each told under its own name, or all at once as one event of the daemon,
 * the blackout, when the fault is probably at our own end. Owned by the engine.
 *
 * What is due waits until reach_decide() knows whose fault it is. While a blackout is open nothing more is
 * told of a directory that fails: one that joins it does so silently. The first answer of any directory ends
 * it. From then on whoever still fails must fail as often as confirm_unverifiable says once more, and for a
 * minute at least, as after the start: not all come back in one instant. Then it is told under its own name,
 * or is part of another blackout. What was told under a directory's own name before the blackout stays open,
 * and ends under that name. */
#ifndef DNDRIFT_OUTAGES_H
#define DNDRIFT_OUTAGES_H

#include "outage.h"

struct outages;

/* The notices are what the store knew. */
struct outages *outages_new(GPtrArray *notices);
void outages_free(struct outages *outages);

/* The record of a directory; NULL: nothing was heard of it yet. */
struct directory_record *outages_find(const struct outages *outages, const char *directory);
/* ... which is made if there is none. */
struct directory_record *outages_record(struct outages *outages, const char *directory);

/* Follows a new configuration: a directory that no watch is left of fails no more. */
void outages_follow(struct outages *outages, const struct roster *roster, struct running_round *turn,
                    struct now now);

/* Whether this failure comes so soon after the end of a blackout that it is nothing to tell yet. */
bool outages_are_forgiven(const struct outages *outages, const struct observation *observation,
                          struct now now);

/* One observation of the directory of this record, and what a watch made of it. What that ends goes to the
 * round's bulletin and batch. True: a blackout ended. */
bool outages_hear(struct outages *outages, struct directory_record *record, struct running_round *running,
                  const struct observation *observation, const struct watch_outcome *outcome,
                  const struct roster *roster, struct now now);

/* Whether something is due: outages_settle() is worth a turn. */
bool outages_are_due(const struct outages *outages);

/* Tells what is due, as far as it can be said whose fault it is. rounds: id -> struct running_round. Answers
 * boot_ms at which to call again if nothing is heard until then. */
int64_t outages_settle(struct outages *outages, const struct config *config, GHashTable *rounds,
                       const struct roster *roster, struct running_round *turn, struct now now);

/* Adds all notices to the batch. */
void outages_keep(const struct outages *outages, struct store_batch *batch);
#endif
