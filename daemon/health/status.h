/* How well it is, as /health says it: pass, warn or fail, of one watch and of the daemon. Pure. */
#ifndef DNDRIFT_HEALTH_STATUS_H
#define DNDRIFT_HEALTH_STATUS_H

#include "health/health.h"

#define STATUS_OUTBOX_OLD_MS 60000

/* In order of gravity. */
enum status { STATUS_PASS, STATUS_WARN, STATUS_FAIL };

const char *status_name(enum status status);

/* *ret_why: one clause, static; NULL if it passes. */
enum status status_of_watch(const struct watch_state *state, struct now now, const char **ret_why);

/* Whether the watch cannot be compared, by its confirmed state; where there is none yet, by the latest
 * observation. */
bool status_is_unverifiable(const struct watch_state *state);

/* Alerts wait too long for their outlet; the store failed to commit. */
enum status status_of_outlet(const struct outlet_view *outlet, const char **ret_why);
enum status status_of_store(const struct daemon_view *daemon, const char **ret_why);
#endif
