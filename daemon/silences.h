/* The maintenance windows: which watches are silenced now, and when that changes. */
#ifndef DNDRIFT_SILENCES_H
#define DNDRIFT_SILENCES_H

#include "roster.h"

/* What was found out last; all zero: nothing yet, as after a reload. */
struct silences {
    int64_t wall_looked_ms;
    int64_t wall_next_ms; /* nothing begins or ends before */
};

/* Notes in each watch whether it is silenced. Answers boot_ms at which to call again. */
int64_t silences_follow(struct silences *silences, const struct config *config, const struct roster *roster,
                        struct now now);
#endif
