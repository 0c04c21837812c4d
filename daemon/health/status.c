#include "health/status.h"

static enum status say(enum status status, const char *why, const char **ret_why)
{
    *ret_why = why;
    return status;
}

const char *status_name(enum status status)
{
    static const char *const names[] = {"pass", "warn", "fail"};

    return names[status];
}

bool status_is_unverifiable(const struct watch_state *state)
{
    const struct alarm *alarm = &state->alarm;
    enum verdict verdict = alarm->verdict != VERDICT_NONE ? alarm->verdict : alarm->observed;

    return alarm->is_unverifiable_open || verdict_class(verdict) == CLASS_UNVERIFIABLE;
}

enum status status_of_watch(const struct watch_state *state, struct now now, const char **ret_why)
{
    const struct alarm *alarm = &state->alarm;

    if (alarm->is_drift_open || verdict_class(alarm->verdict) == CLASS_DRIFT)
        return say(STATUS_FAIL, "drift", ret_why);
    if (alarm->is_invalid_open || alarm->verdict == VERDICT_INVALID)
        return say(STATUS_FAIL, "invalid", ret_why);
    if (watch_state_is_stale(state, now))
        return say(STATUS_FAIL, state->wall_last_compared_ms ? "stale" : "never compared", ret_why);
    if (status_is_unverifiable(state))
        return say(STATUS_WARN, "unverifiable", ret_why);
    if (state->is_strict && alarm->verdict == VERDICT_SPELLING)
        return say(STATUS_WARN, "spelled otherwise", ret_why);
    if (state->pin.is_lookup_refused || state->shown.is_lookup_refused)
        return say(STATUS_WARN, "the search for its identity is refused", ret_why);
    if (state->shown.is_identity_unreadable)
        return say(STATUS_WARN, "its identity cannot be read", ret_why);
    return say(STATUS_PASS, NULL, ret_why);
}

enum status status_of_outlet(const struct outlet_view *outlet, const char **ret_why)
{
    if (outlet->oldest_ms > STATUS_OUTBOX_OLD_MS)
        return say(STATUS_WARN, "alerts wait for their outlet", ret_why);
    return say(STATUS_PASS, NULL, ret_why);
}

enum status status_of_store(const struct daemon_view *daemon, const char **ret_why)
{
    if (daemon->is_store_failing)
        return say(STATUS_WARN, "the last commit to the database failed", ret_why);
    return say(STATUS_PASS, NULL, ret_why);
}
