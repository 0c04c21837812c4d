#include "judge/quiet.h"

#include <glib.h>
#include <string.h>

#include "judge/alarm.h"

static void begin(struct alarm *alarm, struct now now)
{
    struct quiet *quiet = &alarm->quiet;

    quiet->wall_since_ms = now.wall_ms;
    quiet->was_drift_open = alarm->is_drift_open;
    quiet->was_invalid_open = alarm->is_invalid_open;
    quiet->was_spelling_noted = alarm->is_spelling_noted;
    quiet->was_unverifiable_open = alarm->is_unverifiable_open && !alarm->is_unverifiable_wide;
    quiet->has_changed = false;
    quiet->n_drifts = 0;
}

/* --- flapping */

/* Counted from the first one on; when the window has passed, the next is a first one again. */
static void count_change(const struct alarm_policy *policy, struct quiet *quiet, struct now now)
{
    bool is_over = now.wall_ms - quiet->wall_first_ms >= policy->flap_window_ms;

    if (quiet->n_changes == 0 || (is_over && !quiet->is_flapping)) {
        quiet->wall_first_ms = now.wall_ms;
        quiet->n_changes = 0;
    }
    quiet->n_changes++;
    quiet->wall_last_ms = now.wall_ms;
}

static bool has_word(const struct alarm_result *result, enum word word)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(result->words); i++)
        if (result->words[i] == word)
            return true;
    return false;
}

static bool is_steady(const struct alarm_policy *policy, const struct quiet *quiet, struct now now)
{
    return policy->flap_count == 0 || now.wall_ms - quiet->wall_last_ms >= policy->flap_window_ms;
}

static void begin_flapping(struct alarm *alarm, struct now now, struct alarm_result *result)
{
    begin(alarm, now);
    alarm->quiet.is_flapping = result->is_flapping = true;
    alarm_note_reminder(alarm, now);
}

/* --- what waits */

/* The outage of a directory is no matter of one watch that flaps; that of a silenced one waits. */
static bool waits(const struct quiet *quiet, enum word word, const struct alarm_result *result)
{
    bool is_of_reach = word == WORD_UNVERIFIABLE || word == WORD_VERIFIABLE;

    return quiet->is_silenced || !is_of_reach || !result->is_directory_wide;
}

static void hold_back(struct quiet *quiet, struct alarm_result *result)
{
    struct alarm_result told = *result;

    memset(told.words, 0, sizeof told.words);
    for (unsigned i = 0; i < G_N_ELEMENTS(result->words) && result->words[i] != WORD_NONE; i++) {
        if (!waits(quiet, result->words[i], result)) {
            alarm_announce(&told, result->words[i]);
            continue;
        }
        told.is_held_back = true;
        quiet->n_drifts += result->words[i] == WORD_DRIFT;
        quiet->has_changed |= result->words[i] == WORD_CHANGED;
    }
    *result = told;
}

void quiet_step(const struct alarm_policy *policy, struct alarm *alarm, struct now now,
                struct alarm_result *result)
{
    struct quiet *quiet = &alarm->quiet;
    bool is_change = has_word(result, WORD_DRIFT) || has_word(result, WORD_RECOVERED);

    if (is_change && !quiet->is_silenced && policy->flap_count > 0)
        count_change(policy, quiet, now);
    if (quiet->wall_since_ms)
        hold_back(quiet, result);
    else if (is_change && policy->flap_count > 0 && quiet->n_changes > policy->flap_count)
        begin_flapping(alarm, now, result);
}

/* --- when it is over */

static void tell_drift(const struct quiet *quiet, struct alarm *alarm, struct now now,
                       struct alarm_result *result)
{
    if (!quiet->was_drift_open)
        alarm_announce(result, WORD_DRIFT);
    else if (quiet->has_changed || quiet->n_drifts > 0)
        alarm_announce(result, WORD_CHANGED);
    else if (quiet->n_changes > 0)
        alarm_announce(result, WORD_REMINDER);
    else
        return;
    alarm_note_reminder(alarm, now);
}

/* What is shown tells of the drift alone: the next observation that says so again is told by itself. */
static void tell_invalid(const struct quiet *quiet, struct alarm *alarm, struct alarm_result *result)
{
    if (!alarm->is_invalid_open || quiet->was_invalid_open)
        return;
    if (alarm->is_drift_open)
        alarm->is_invalid_open = false;
    else
        alarm_announce(result, WORD_INVALID);
}

/* The same, where drift or invalid is shown. */
static void tell_unverifiable(const struct quiet *quiet, struct alarm *alarm, struct alarm_result *result)
{
    if (quiet->was_unverifiable_open)
        return;
    if (alarm->is_drift_open || alarm->is_invalid_open)
        alarm->is_unverifiable_open = false;
    else
        alarm_announce(result, WORD_UNVERIFIABLE);
}

static void tell_spelling(const struct quiet *quiet, struct alarm *alarm, struct alarm_result *result)
{
    if (!alarm->is_spelling_noted || quiet->was_spelling_noted)
        return;
    alarm->is_spelling_noted = alarm->verdict == VERDICT_SPELLING;
    if (alarm->is_spelling_noted)
        alarm_announce(result, WORD_SPELLING);
}

/* How it stands, as far as that is not what was told before. */
static void tell(const struct quiet *quiet, struct alarm *alarm, struct now now, struct alarm_result *result)
{
    bool was_open = quiet->was_drift_open || quiet->was_invalid_open;
    bool is_open = alarm->is_drift_open || alarm->is_invalid_open;
    bool is_own = alarm->is_unverifiable_open && !alarm->is_unverifiable_wide;

    if (quiet->was_unverifiable_open && !is_own)
        alarm_announce(result, WORD_VERIFIABLE);
    if (alarm->is_drift_open)
        tell_drift(quiet, alarm, now, result);
    if (!is_open && (was_open || quiet->n_drifts > 0 || quiet->n_changes > 0))
        alarm_announce(result, WORD_RECOVERED);
    else
        tell_spelling(quiet, alarm, result);
    if (is_own)
        tell_unverifiable(quiet, alarm, result);
    tell_invalid(quiet, alarm, result);
    alarm_take_back_wide(alarm);
}

static void end(struct alarm *alarm, struct now now, struct alarm_result *result)
{
    tell(&alarm->quiet, alarm, now, result);
    result->ended = alarm->quiet;
    alarm->quiet = (struct quiet){0};
}

/* A clock that was set back makes nothing last for ever. */
static void follow_clock(struct quiet *quiet, struct now now)
{
    quiet->wall_first_ms = MIN(quiet->wall_first_ms, now.wall_ms);
    quiet->wall_last_ms = MIN(quiet->wall_last_ms, now.wall_ms);
}

void quiet_pass(const struct alarm_policy *policy, struct alarm *alarm, bool is_silenced, struct now now,
                struct alarm_result *ret_result)
{
    struct quiet *quiet = &alarm->quiet;

    *ret_result = (struct alarm_result){0};
    follow_clock(quiet, now);
    if (is_silenced && !quiet->wall_since_ms) {
        begin(alarm, now);
        quiet->n_changes = 0;
    }
    quiet->is_silenced = is_silenced;
    if (quiet->is_flapping && is_steady(policy, quiet, now))
        quiet->is_flapping = false;
    if (quiet->wall_since_ms && !quiet->is_silenced && !quiet->is_flapping)
        end(alarm, now, ret_result);
}

bool quiet_is_told(const struct alarm *alarm, enum word word)
{
    const struct quiet *quiet = &alarm->quiet;
    bool is_quiet = quiet->wall_since_ms;

    switch (word) {
    case WORD_DRIFT:
        return is_quiet ? quiet->was_drift_open || quiet->is_flapping : alarm->is_drift_open;
    case WORD_INVALID:
        return is_quiet ? quiet->was_invalid_open : alarm->is_invalid_open;
    case WORD_UNVERIFIABLE:
        return is_quiet ? quiet->was_unverifiable_open
                        : alarm->is_unverifiable_open && !alarm->is_unverifiable_wide;
    default:
        return false;
    }
}

int64_t quiet_next(const struct alarm_policy *policy, const struct alarm *alarm, struct now now)
{
    const struct quiet *quiet = &alarm->quiet;

    if (!quiet->is_flapping)
        return INT64_MAX;
    return now.boot_ms + MAX(quiet->wall_last_ms + policy->flap_window_ms - now.wall_ms, 0);
}
