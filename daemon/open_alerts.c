#include "open_alerts.h"

#include "blackout.h"
#include "bulletin.h"
#include "tell.h"

/* When a drift is unverifiable as well, it keeps its time. */
static int64_t since_of(enum word word, const struct alarm *alarm)
{
    return word == WORD_UNVERIFIABLE && alarm->wall_unverifiable_ms ? alarm->wall_unverifiable_ms
                                                                    : alarm->wall_since_ms;
}

static struct alert *open_alert(enum word word, const struct watch_state *state, struct now now)
{
    int64_t wall_since_ms = since_of(word, &state->alarm);
    struct alert *alert = alert_new(word, state->severity, state->watch, wall_since_ms);

    alert->sentence = tell_open(word, state, now);
    bulletin_tag(alert, state, &state->shown, wall_since_ms);
    alert_set_tag(alert, TAG_ALERT, state->alert);
    if (word == WORD_DRIFT && state->shown.cause.is)
        alert->cause = tell_cause(&state->shown.cause);
    return alert;
}

/* Whether it looks right again, or was left open by an earlier run and not seen since: another daemon may
 * have told its end already, which is not to be undone. */
static bool is_in_doubt(const struct watch_state *state, struct now now)
{
    const struct alarm *alarm = &state->alarm;
    bool is_recovering = alarm->is_drift_open && alarm->ok_count > 0;
    int64_t ok_ms = now.wall_ms - alarm->wall_run_ms; /* below 0: the clock was set back since */
    bool is_unseen = alarm->observed == VERDICT_NONE;

    return (is_recovering && ok_ms >= 0 && ok_ms < OPEN_ALERTS_DOUBT_MS) ||
           (is_unseen && now.boot_ms - state->boot_known_ms < OPEN_ALERTS_DOUBT_MS);
}

static void add_of_watch(const struct watch_state *state, struct now now, GPtrArray *alerts)
{
    static const enum word words[] = {WORD_DRIFT, WORD_INVALID, WORD_UNVERIFIABLE};

    for (unsigned i = 0; i < G_N_ELEMENTS(words) && !is_in_doubt(state, now); i++)
        if (quiet_is_told(&state->alarm, words[i]))
            g_ptr_array_add(alerts, open_alert(words[i], state, now));
}

/* name: NULL: whatever it is called. */
static void add_of_notice(const struct directory_notice *notice, const char *name, GPtrArray *alerts)
{
    bool is_all = g_str_equal(notice->directory, BLACKOUT_NAME);
    g_autofree char *own = is_all ? g_strdup("dndriftd") : g_strconcat("@", notice->directory, NULL);
    g_autofree char *since = wall_time_format(notice->wall_since_ms);
    struct alert *alert;

    if (!notice->is_unverifiable || (name && !g_str_equal(name, own)))
        return;
    alert = alert_new(WORD_UNVERIFIABLE, word_severity(WORD_UNVERIFIABLE), own, notice->wall_since_ms);
    alert->sentence = g_strdup(notice->reason);
    alert_set_tag(alert, TAG_DIRECTORY, is_all ? NULL : notice->directory);
    alert_set_tag(alert, TAG_SINCE, since);
    g_ptr_array_add(alerts, alert);
}

static void add_of_notices(const struct engine *engine, const char *name, GPtrArray *alerts)
{
    struct store_batch *batch = store_batch_new();

    engine_list_notices(engine, batch);
    for (unsigned i = 0; i < batch->notices->len; i++)
        add_of_notice(batch->notices->pdata[i], name, alerts);
    store_batch_free(batch);
}

bool open_alerts_list(const struct engine *engine, unsigned index, struct now now, GPtrArray *alerts)
{
    const struct watch_state *state = engine_watch(engine, index);

    if (state)
        add_of_watch(state, now, alerts);
    else if (index == engine_n_watches(engine))
        add_of_notices(engine, NULL, alerts);
    else
        return false;
    return true;
}

int open_alerts_find(const struct engine *engine, const char *name, struct now now, GPtrArray *alerts)
{
    const struct watch_state *state = engine_find_watch(engine, name);

    if (state)
        add_of_watch(state, now, alerts);
    else
        add_of_notices(engine, name, alerts);
    return state ? state->severity : word_severity(WORD_DRIFT);
}
