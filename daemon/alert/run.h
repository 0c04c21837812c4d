/* One run of a program for one alert: the event at its stdin and in its environment, killed with all that it
 * has started at the deadline. Owned by exec.c. */
#ifndef DNDRIFT_ALERT_RUN_H
#define DNDRIFT_ALERT_RUN_H

#include <event2/event.h>

#include "judge/alert.h"

#define RUN_MAX_SAID 512 /* bytes of what it says that are kept */

struct run;

/* From the loop; the run may be freed from inside. problem: a clause, NULL if it ended with 0. */
typedef void (*run_end_fn)(void *user, struct run *run, const char *problem);

/* NULL and a sentence if it cannot be started. */
struct run *run_start(struct event_base *base, const char *program, int64_t timeout_ms,
                      const struct alert *alert, const char *id, run_end_fn on_end, void *user,
                      GError **error);
uint64_t run_number(const struct run *run); /* of the alert */

/* Kills what still runs. */
void run_free(struct run *run);

#endif
