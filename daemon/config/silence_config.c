/* One maintenance window: when it is in force, and for whom. */
#include "config/config.h"

void silence_config_free(struct silence_config *silence)
{
    if (!silence)
        return;
    g_free(silence->name);
    g_strfreev(silence->watches);
    g_free(silence->comment);
    g_free(silence);
}

bool silence_config_is_on(const struct silence_config *silence, int64_t wall_ms, int64_t *ret_wall_next_ms)
{
    if (silence->calendar.weekdays)
        return calendar_is_on(&silence->calendar, silence->duration_ms, wall_ms, ret_wall_next_ms);
    *ret_wall_next_ms = wall_ms < silence->wall_from_ms    ? silence->wall_from_ms
                        : wall_ms < silence->wall_until_ms ? silence->wall_until_ms
                                                           : INT64_MAX;
    return wall_ms >= silence->wall_from_ms && wall_ms < silence->wall_until_ms;
}

static bool matches(const struct silence_config *silence, const char *name)
{
    for (char **pattern = silence->watches; name && *pattern; pattern++)
        if (g_pattern_match_simple(*pattern, name))
            return true;
    return false;
}

bool silence_config_covers(const struct silence_config *silence, const struct watch_config *watch)
{
    return matches(silence, watch->name) || matches(silence, watch->family);
}
