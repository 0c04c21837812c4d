/* The body of /health: application/health+json (draft-inadarei-api-health-check-06). Its `checks` are
 * what does not pass, and the count of all verdicts. */
#ifndef DNDRIFT_HEALTH_HEALTH_JSON_H
#define DNDRIFT_HEALTH_HEALTH_JSON_H

#include "health/snapshot.h"

#define HEALTH_JSON_MAX_CHECKS 1000

extern const struct snapshot_kind health_json_all;

/* Of one watch alone. g_free() it. */
char *health_json_watch(const struct watch_state *state, struct now now, int *ret_code);
#endif
