/* What one Alertmanager was told: which alerts go on there, and which have ended of late. Gets now as an
 * argument. Owned by alertmanager.c. */
#ifndef DNDRIFT_ALERT_LEDGER_H
#define DNDRIFT_ALERT_LEDGER_H

#include "alert/firing.h"

#define LEDGER_ENDED_MS  (5 * 60 * 1000) /* what has ended is told again for so long, */
#define LEDGER_MAX_ENDED 20000           /* ... unless more end than that: then the oldest is told no more */

/* An alert that has ended. */
struct ended {
    enum firing firing;
    struct alert *alert; /* that said so */
    int severity;        /* of the label that it had */
    int64_t mono_ms;     /* when it was told first */
};

struct ledger {
    GHashTable *firing; /* name and kind -> struct fire: what goes on */
    GPtrArray *ended;   /* of struct ended, oldest first */
    unsigned sweep;     /* how often all that is open was told */
};

void ledger_init(struct ledger *ledger);
void ledger_clear(struct ledger *ledger);

/* It is told that this goes on. */
void ledger_begin(struct ledger *ledger, enum firing firing, const char *name, int severity);

/* Whether it goes on there, as far as is known; *ret_severity is then what it was told with. */
bool ledger_find(const struct ledger *ledger, enum firing firing, const char *name, int *ret_severity);

/* It is told that it has ended; takes the alert that says so. */
const struct ended *ledger_end(struct ledger *ledger, enum firing firing, struct alert *alert, int severity,
                               int64_t mono_now_ms);

/* The one of that place that ended and did not begin again; NULL: it did. */
const struct ended *ledger_ended(const struct ledger *ledger, unsigned index);

/* All that is open is told once more; all of it was: forgets what ended long ago, and what was not told this
 * time or last. */
void ledger_open_sweep(struct ledger *ledger);
void ledger_close_sweep(struct ledger *ledger, int64_t mono_now_ms);

#endif
