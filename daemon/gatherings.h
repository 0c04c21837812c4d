/* News that wait a moment for others of the same cause, found by rounds that end at other times: a gathering
 * a directory, that tells all of them together. Nothing of it is kept before it is told, so that a kill loses
 * none: the next start finds and tells it anew. Owned by the engine. */
#ifndef DNDRIFT_GATHERINGS_H
#define DNDRIFT_GATHERINGS_H

#include "round.h"

#define GATHERINGS_WAIT_MS 5000

/* Directory -> struct running_round; g_hash_table_unref() it. */
GHashTable *gatherings_new(void);

/* Whether what became of the watch may have become of others for the same cause. */
bool gatherings_want(const struct watch *watch, const struct watch_outcome *outcome);

/* The gathering of the directory, opened if there is none. Borrowed. */
struct running_round *gatherings_open(GHashTable *gatherings, const char *directory, struct now now);

/* One that has waited long enough, which the caller owns; NULL: none, and *ret_boot_ms is when to call again.
 */
struct running_round *gatherings_take_due(GHashTable *gatherings, struct now now, int64_t *ret_boot_ms);
#endif
