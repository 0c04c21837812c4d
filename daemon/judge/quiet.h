/* When alerts of a watch wait: in a maintenance window, and while it flaps, changing between drift and ok too
 * often. Its state goes on; when that is over, one alert says how it stands. A pure part of the alarm. */
#ifndef DNDRIFT_JUDGE_QUIET_H
#define DNDRIFT_JUDGE_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/alert.h"

struct alarm;
struct alarm_policy;
struct alarm_result;
struct now;

/* All of it is kept over a restart. */
struct quiet {
    int64_t wall_since_ms; /* the alerts wait since then; 0: they do not */
    bool is_silenced;      /* in a maintenance window */
    bool is_flapping;
    bool was_drift_open; /* these four: what was told before */
    bool was_invalid_open;
    bool was_spelling_noted;
    bool was_unverifiable_open; /* of this watch by itself */
    bool has_changed;           /* a CHANGED waits */
    unsigned n_drifts;          /* DRIFTs that waited */
    int64_t wall_first_ms;      /* the first of the changes between drift and ok that are counted together */
    int64_t wall_last_ms;       /* the last of them */
    unsigned n_changes;
};

/* After one observation: what it announces waits, or is the change too many that opens the flapping: then
 * result->is_flapping. */
void quiet_step(const struct alarm_policy *policy, struct alarm *alarm, struct now now,
                struct alarm_result *result);

/* Time passes, and the watch is or is not in a maintenance window: what has to be told when alerts wait no
 * longer. */
void quiet_pass(const struct alarm_policy *policy, struct alarm *alarm, bool is_silenced, struct now now,
                struct alarm_result *ret_result);

/* Whether DRIFT, INVALID or UNVERIFIABLE of this watch was told and nothing since that ends it. While it
 * flaps it has drifted: it does not come and go. */
bool quiet_is_told(const struct alarm *alarm, enum word word);

/* boot_ms at which quiet_pass() is next worth calling, if no window begins or ends; INT64_MAX: never. */
int64_t quiet_next(const struct alarm_policy *policy, const struct alarm *alarm, struct now now);
#endif
