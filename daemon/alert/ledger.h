/* What one Alertmanager was told: which alerts go on there, and which have ended of late. Gets now as an
 * argument. Owned by alertmanager.c. */
#ifndef DNDRIFT_ALERT_LEDGER_H
#define DNDRIFT_ALERT_LEDGER_H

#include "alert/firing.h"

#define LEDGER_ENDED_MS  (5 * 60 * 1000) /* what has ended is told again for so long, */
#define LEDGER_MAX_ENDED 20000           /* ... unless more end than that: then the oldest is told no more */

/* What goes on there. */
struct fire {
    int severity;           /* of the label that it has */
    const char *directory;  /* the label, g_intern_string(); NULL: all of them, or not known */
    int64_t wall_starts_ms; /* 0: not known */
    unsigned sweep;         /* the last that it was told in */
};

/* An alert that has ended. */
struct ended {
    enum firing firing;
    struct alert *alert; /* that said so */
    struct fire fire;    /* as it was */
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
void ledger_begin(struct ledger *ledger, const struct firing_post *post);

/* NULL: it does not go on there, as far as is known. */
const struct fire *ledger_find(const struct ledger *ledger, enum firing firing, const char *name);

/* It is told that it has ended; takes the alert that says so. */
const struct ended *ledger_end(struct ledger *ledger, enum firing firing, struct alert *alert,
                               struct fire fire, int64_t mono_now_ms);

/* The one of that place that ended and did not begin again; NULL: it did. */
const struct ended *ledger_ended(const struct ledger *ledger, unsigned index);

/* All that is open is told once more; all of it was: forgets what ended long ago, and what was not told this
 * time or last. */
void ledger_open_sweep(struct ledger *ledger);
void ledger_close_sweep(struct ledger *ledger, int64_t mono_now_ms);

#endif
