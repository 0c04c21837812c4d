#include "gatherings.h"

GHashTable *gatherings_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)running_round_free);
}

static bool has_cause(const struct watch *watch, const struct watch_outcome *outcome)
{
    const struct alarm_result *result = &outcome->result;

    for (unsigned i = 0; i < G_N_ELEMENTS(result->words); i++)
        if (bulletin_cause(result->words[i], watch->state, outcome))
            return true;
    return false;
}

/* Opened if there is none. */
static struct running_round *gathering_of(GHashTable *gatherings, const char *directory, struct now now)
{
    struct running_round *gathering = g_hash_table_lookup(gatherings, directory);

    if (gathering)
        return gathering;
    gathering = running_round_new(0, directory, now);
    gathering->boot_joined_ms = now.boot_ms;
    g_hash_table_insert(gatherings, gathering->directory, gathering);
    return gathering;
}

struct running_round *gatherings_choose(GHashTable *gatherings, struct running_round *running,
                                        const struct watch *watch, const struct watch_outcome *outcome,
                                        struct now now)
{
    const struct watch_state *state = watch->state;
    struct running_round *gathering = g_hash_table_lookup(gatherings, state->directory);

    if (gathering && g_hash_table_contains(gathering->changed, state->watch))
        return gathering;
    if (!has_cause(watch, outcome))
        return running;
    gathering = gathering_of(gatherings, state->directory, now);
    gathering->boot_joined_ms = now.boot_ms;
    return gathering;
}

int64_t gatherings_remind(GHashTable *gatherings, struct watch *watch, struct now now)
{
    struct alarm *alarm = &watch->state->alarm;
    struct alarm_policy policy = watch_policy(watch);

    if (alarm_remind(&policy, alarm, now))
        running_round_remind(gathering_of(gatherings, watch->state->directory, now), watch, now);
    return alarm_next_reminder(&policy, alarm, now);
}

struct running_round *gatherings_take_due(GHashTable *gatherings, struct now now, int64_t *ret_boot_ms)
{
    GHashTableIter iter;
    void *value;

    *ret_boot_ms = INT64_MAX;
    g_hash_table_iter_init(&iter, gatherings);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct running_round *gathering = value;
        int64_t due_ms = MIN(gathering->boot_joined_ms + GATHERINGS_WAIT_MS,
                             gathering->boot_started_ms + GATHERINGS_LAST_MS);
        if (due_ms <= now.boot_ms) {
            g_hash_table_iter_steal(&iter);
            return gathering;
        }
        *ret_boot_ms = MIN(*ret_boot_ms, due_ms);
    }
    return NULL;
}
