#include "silences.h"

#define LOOK_MS ((int64_t)60 * 60 * 1000) /* at least so often: the clock may be set */

/* Those in force now; sets when that changes. */
static GPtrArray *find_open(struct silences *silences, const struct config *config, struct now now)
{
    GPtrArray *open = g_ptr_array_new();

    *silences = (struct silences){now.wall_ms, INT64_MAX};
    for (unsigned i = 0; config->silences && i < config->silences->len; i++) {
        const struct silence_config *silence = config->silences->pdata[i];
        int64_t next_ms;
        if (silence_config_is_on(silence, now.wall_ms, &next_ms))
            g_ptr_array_add(open, config->silences->pdata[i]);
        silences->wall_next_ms = MIN(silences->wall_next_ms, next_ms);
    }
    return open;
}

static const char *silence_of(const GPtrArray *open, const struct watch *watch)
{
    for (unsigned i = 0; i < open->len; i++)
        if (silence_config_covers(open->pdata[i], watch->config))
            return ((const struct silence_config *)open->pdata[i])->name;
    return NULL;
}

static void look(struct silences *silences, const struct config *config, const struct roster *roster,
                 struct now now)
{
    g_autoptr(GPtrArray) open = find_open(silences, config, now);

    for (unsigned i = 0; i < roster_n(roster); i++) {
        struct watch *watch = roster_at(roster, i);
        state_set_text(&watch->state->silence, silence_of(open, watch));
    }
}

int64_t silences_follow(struct silences *silences, const struct config *config, const struct roster *roster,
                        struct now now)
{
    if (now.wall_ms >= silences->wall_next_ms || now.wall_ms < silences->wall_looked_ms)
        look(silences, config, roster, now);
    if (silences->wall_next_ms == INT64_MAX)
        return INT64_MAX;
    return now.boot_ms + MIN(silences->wall_next_ms - now.wall_ms, LOOK_MS);
}
