/* News that wait a moment for others of the same cause, found by rounds that end at other times: a gathering
 * a directory, that tells all of them together. Nothing of it is kept before it is told, so that a kill loses
 * none: the next start finds and tells it anew. Owned by the engine. */
#ifndef DNDRIFT_GATHERINGS_H
#define DNDRIFT_GATHERINGS_H

#include "round.h"

#define GATHERINGS_WAIT_MS 5000        /* for another, */
#define GATHERINGS_LAST_MS (60 * 1000) /* ... and for all of them */

/* Directory -> struct running_round; g_hash_table_unref() it. */
GHashTable *gatherings_new(void);

/* Where what became of the watch is to be concluded: in the gathering of its directory, opened if there is
 * none, if others may have the same cause, or if news of the watch wait there already; else in the round.
 * Borrowed. */
struct running_round *gatherings_choose(GHashTable *gatherings, struct running_round *running,
                                        const struct watch *watch, const struct watch_outcome *outcome,
                                        struct now now);

/* Time passes for the watch: its reminder, if it is due, joins the others in the gathering of its directory.
 * Answers boot_ms at which to call again. */
int64_t gatherings_remind(GHashTable *gatherings, struct watch *watch, struct now now);

/* One that has waited long enough, which the caller owns; NULL: none, and *ret_boot_ms is when to call again.
 */
struct running_round *gatherings_take_due(GHashTable *gatherings, struct now now, int64_t *ret_boot_ms);
#endif
