#include "judge/alarm.h"

#include <glib.h>

void alarm_announce(struct alarm_result *result, enum word word)
{
    unsigned i = 0;

    while (result->words[i] != WORD_NONE)
        i++;
    g_assert(i + 1 < G_N_ELEMENTS(result->words));
    result->words[i] = word;
}

static void note_observed(struct alarm *alarm, enum verdict verdict, struct now now)
{
    if (alarm->observed != verdict)
        alarm->wall_observed_ms = now.wall_ms;
    alarm->observed_count = alarm->observed == verdict ? alarm->observed_count + 1 : 1;
    alarm->observed = verdict;
}

/* The confirmed state becomes `verdict`, since the start of the run that led to it. */
static void confirm(struct alarm *alarm, enum verdict verdict, int64_t wall_since_ms,
                    struct alarm_result *result)
{
    if (alarm->verdict != verdict)
        alarm->wall_since_ms = wall_since_ms;
    alarm->verdict = verdict;
    result->is_confirmed = true;
}

/* The directory gave a complete answer about this watch. */
static void end_unverifiable(struct alarm *alarm, struct alarm_result *result)
{
    alarm->unverifiable_count = 0;
    if (!alarm->is_unverifiable_open)
        return;
    alarm_announce(result, WORD_VERIFIABLE);
    result->is_directory_wide = alarm->is_unverifiable_wide;
    alarm->is_unverifiable_open = alarm->is_unverifiable_wide = false;
}

static void start_run(struct alarm *alarm, unsigned *count, struct now now)
{
    if (++*count == 1)
        alarm->wall_run_ms = now.wall_ms;
}

static void close_by_ok(struct alarm *alarm, enum verdict verdict, struct alarm_result *result)
{
    bool was_open = alarm->is_drift_open || alarm->is_invalid_open;

    confirm(alarm, verdict, was_open ? alarm->wall_run_ms : alarm->wall_observed_ms, result);
    alarm->is_drift_open = alarm->is_invalid_open = false;
    result->is_recovered = was_open;
    if (was_open)
        alarm_announce(result, WORD_RECOVERED);
    if (verdict == VERDICT_SPELLING && !alarm->is_spelling_noted && !was_open)
        alarm_announce(result, WORD_SPELLING);
    alarm->is_spelling_noted = verdict == VERDICT_SPELLING;
}

static void step_ok(const struct alarm_policy *policy, struct alarm *alarm, const struct alarm_input *input,
                    struct now now, struct alarm_result *result)
{
    alarm->drift_count = alarm->invalid_count = 0;
    end_unverifiable(alarm, result);
    start_run(alarm, &alarm->ok_count, now);
    if (alarm->is_drift_open && alarm->ok_count < policy->confirm_recovery)
        result->needs_confirming = true;
    else
        close_by_ok(alarm, input->verdict, result);
}

void alarm_note_reminder(struct alarm *alarm, struct now now)
{
    alarm->wall_reminded_ms = now.wall_ms;
    alarm->boot_reminded_ms = now.boot_ms;
}

static void step_drift(const struct alarm_policy *policy, struct alarm *alarm,
                       const struct alarm_input *input, struct now now, struct alarm_result *result)
{
    alarm->ok_count = alarm->invalid_count = 0;
    end_unverifiable(alarm, result);
    if (alarm->is_drift_open)
        alarm->is_invalid_open = false; /* valid again, if not right: the next time is told as well */
    if (alarm->is_drift_open && alarm->verdict == input->verdict && !input->is_live_changed) {
        alarm->drift_count = 0;
        return;
    }
    start_run(alarm, &alarm->drift_count, now);
    if (alarm->drift_count < policy->confirm) {
        result->needs_confirming = true;
        return;
    }
    alarm_announce(result, alarm->is_drift_open ? WORD_CHANGED : WORD_DRIFT);
    confirm(alarm, input->verdict, alarm->wall_run_ms, result);
    alarm->is_drift_open = true;
    alarm->is_invalid_open = false;
    alarm->drift_count = 0;
    if (!alarm->quiet.wall_since_ms)
        alarm_note_reminder(alarm, now);
}

/* Neither counts for nor resets what drift or recovery is being confirmed: it says nothing about the entry.
 */
static void step_unverifiable(const struct alarm_policy *policy, struct alarm *alarm,
                              const struct alarm_input *input, struct now now, struct alarm_result *result)
{
    bool is_hidden = input->verdict == VERDICT_HIDDEN;
    bool is_told = alarm->is_unverifiable_open && alarm->is_unverifiable_wide == input->is_directory_wide;

    if (++alarm->unverifiable_count == 1) {
        alarm->wall_unverifiable_ms = now.wall_ms;
        alarm->boot_unverifiable_ms = now.boot_ms;
    }
    bool is_confirmed = alarm->unverifiable_count >= policy->confirm_unverifiable ||
                        (is_hidden && alarm->observed_count >= policy->confirm);
    bool is_due = is_confirmed && now.boot_ms - alarm->boot_unverifiable_ms >= policy->unverifiable_after_ms;
    result->needs_confirming = is_hidden && !is_confirmed;
    if (!is_due || input->is_grace)
        return;
    if (!alarm->is_drift_open && !alarm->is_invalid_open)
        confirm(alarm, input->verdict, alarm->wall_unverifiable_ms, result);
    if (is_told)
        return;
    alarm_announce(result, WORD_UNVERIFIABLE);
    result->is_directory_wide = input->is_directory_wide;
    alarm->is_unverifiable_open = true;
    alarm->is_unverifiable_wide = input->is_directory_wide;
}

static void step_invalid(const struct alarm_policy *policy, struct alarm *alarm,
                         const struct alarm_input *input, struct now now, struct alarm_result *result)
{
    alarm->ok_count = 0;
    if (!input->is_untold)
        end_unverifiable(alarm, result);
    if (alarm->is_invalid_open) {
        if (!alarm->is_drift_open) /* the reason may be another one */
            confirm(alarm, VERDICT_INVALID, alarm->wall_since_ms, result);
        return;
    }
    start_run(alarm, &alarm->invalid_count, now);
    if (alarm->invalid_count < policy->confirm) {
        result->needs_confirming = true;
        return;
    }
    alarm_announce(result, WORD_INVALID);
    alarm->is_invalid_open = true;
    if (!alarm->is_drift_open)
        confirm(alarm, VERDICT_INVALID, alarm->wall_run_ms, result);
}

static void step(const struct alarm_policy *policy, struct alarm *alarm, const struct alarm_input *input,
                 struct now now, struct alarm_result *ret_result)
{
    if (input->is_held) {
        end_unverifiable(alarm, ret_result);
        return;
    }
    switch (verdict_class(input->verdict)) {
    case CLASS_OK:
        step_ok(policy, alarm, input, now, ret_result);
        return;
    case CLASS_DRIFT:
        step_drift(policy, alarm, input, now, ret_result);
        return;
    case CLASS_UNVERIFIABLE:
        step_unverifiable(policy, alarm, input, now, ret_result);
        return;
    case CLASS_CONFIGURATION:
        step_invalid(policy, alarm, input, now, ret_result);
        return;
    case CLASS_NONE:
        g_assert_not_reached();
    }
}

void alarm_step(const struct alarm_policy *policy, struct alarm *alarm, const struct alarm_input *input,
                struct now now, struct alarm_result *ret_result)
{
    *ret_result = (struct alarm_result){0};
    note_observed(alarm, input->verdict, now);
    step(policy, alarm, input, now, ret_result);
    quiet_step(policy, alarm, now, ret_result);
}

bool alarm_is_open(const struct alarm *alarm)
{
    bool is_unverifiable = alarm->is_unverifiable_open && !alarm->is_unverifiable_wide;

    return alarm->is_drift_open || alarm->is_invalid_open || is_unverifiable || alarm->quiet.was_drift_open ||
           alarm->quiet.was_invalid_open || alarm->quiet.was_unverifiable_open;
}

void alarm_take_back_wide(struct alarm *alarm)
{
    if (!alarm->is_unverifiable_open || !alarm->is_unverifiable_wide)
        return;
    alarm->is_unverifiable_open = alarm->is_unverifiable_wide = false;
    alarm->unverifiable_count = 0;
}

/* After a restart the wall clock says how long ago the last one was: never in the future, never more than one
 * reminder late. */
static void place_last_reminder(const struct alarm_policy *policy, struct alarm *alarm, struct now now)
{
    int64_t age_ms = CLAMP(now.wall_ms - alarm->wall_reminded_ms, 0, policy->remind_ms);

    if (!alarm->boot_reminded_ms)
        alarm->boot_reminded_ms = now.boot_ms - age_ms;
}

int64_t alarm_next_reminder(const struct alarm_policy *policy, struct alarm *alarm, struct now now)
{
    bool is_worth_it = alarm->is_drift_open || alarm->quiet.is_flapping;

    if (!is_worth_it || alarm->quiet.is_silenced || policy->remind_ms == 0)
        return INT64_MAX;
    place_last_reminder(policy, alarm, now);
    return alarm->boot_reminded_ms + policy->remind_ms;
}

bool alarm_remind(const struct alarm_policy *policy, struct alarm *alarm, struct now now)
{
    if (alarm_next_reminder(policy, alarm, now) > now.boot_ms)
        return false;
    alarm_note_reminder(alarm, now);
    return true;
}
