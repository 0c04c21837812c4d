#include "health/metrics.h"

#include "config.h"
#include "health/answer.h"
#include "health/directory_metrics.h"
#include "health/outlet_metrics.h"
#include "health/process_metrics.h"
#include "health/sample.h"

/* Families of watches: a family must stand in one piece, so each grows by itself during the pass. */
enum family { WATCH_DRIFT, WATCH_VERDICT, WATCH_INFO, WATCH_SINCE, WATCH_COMPARED, N_FAMILIES };

static const struct {
    const char *name;
    const char *help;
} families[N_FAMILIES] = {
    [WATCH_DRIFT] = {"dndrift_watch_drift", "1 while a drift of the watch is open, else 0."},
    [WATCH_VERDICT] = {"dndrift_watch_verdict",
                       "1 for the confirmed verdict of the watch; other verdicts have no series."},
    [WATCH_INFO] = {"dndrift_watch_info", "1; what the watch compares, for whom."},
    [WATCH_SINCE] = {"dndrift_watch_verdict_since_timestamp_seconds",
                     "Since when the confirmed verdict holds, in Unix time."},
    [WATCH_COMPARED] = {"dndrift_watch_last_compared_timestamp_seconds",
                        "When the watch was last found in order or drifted, in Unix time; comparisons run on "
                        "their own timer, not on scrapes."},
};

struct draft {
    GString *watches[N_FAMILIES];
    uint64_t n_verdicts[VERDICT_COUNT];
};

static void *metrics_begin(const struct health_view *view)
{
    struct draft *draft = g_new0(struct draft, 1);

    (void)view;
    for (unsigned i = 0; i < N_FAMILIES; i++) {
        draft->watches[i] = g_string_new(NULL);
        sample_family(draft->watches[i], families[i].name, "gauge", families[i].help);
    }
    return draft;
}

static void metrics_add(void *user, const struct watch_state *state, struct now now)
{
    struct draft *draft = user;
    const char *verdict = verdict_name(state->alarm.verdict);

    (void)now;
    draft->n_verdicts[state->alarm.verdict]++;
    sample_count(draft->watches[WATCH_DRIFT], families[WATCH_DRIFT].name, state->alarm.is_drift_open, "watch",
                 state->watch, NULL);
    sample_count(draft->watches[WATCH_INFO], families[WATCH_INFO].name, 1, "watch", state->watch, "directory",
                 state->directory ? state->directory : "", "configured_dn",
                 state->configured ? state->configured : "", "consumer",
                 state->consumer ? state->consumer : "", NULL);
    if (verdict) {
        sample_count(draft->watches[WATCH_VERDICT], families[WATCH_VERDICT].name, 1, "watch", state->watch,
                     "verdict", verdict, NULL);
        sample_time(draft->watches[WATCH_SINCE], families[WATCH_SINCE].name, state->alarm.wall_since_ms,
                    "watch", state->watch, NULL);
    }
    if (state->wall_last_compared_ms)
        sample_time(draft->watches[WATCH_COMPARED], families[WATCH_COMPARED].name,
                    state->wall_last_compared_ms, "watch", state->watch, NULL);
}

static void append_verdicts(GString *text, const struct draft *draft)
{
    sample_family(text, "dndrift_watches", "gauge",
                  "Watches by confirmed verdict; those not judged yet in none.");
    for (unsigned i = VERDICT_NONE + 1; i < VERDICT_COUNT; i++)
        sample_count(text, "dndrift_watches", draft->n_verdicts[i], "verdict", verdict_name(i), NULL);
}

static void append_daemon(GString *text, const struct daemon_view *daemon)
{
    sample_family(text, "dndrift_build_info", "gauge", "1; the version that runs.");
    sample_count(text, "dndrift_build_info", 1, "version", PACKAGE_VERSION, NULL);
    sample_family(text, "dndrift_loop_lag_seconds", "gauge",
                  "Greatest delay of the event loop since the last scrape.");
    sample_number(text, "dndrift_loop_lag_seconds", daemon->loop_lag_s, NULL);
    sample_family(text, "dndrift_config_last_reload_successful", "gauge",
                  "Whether the last reload was accepted.");
    sample_count(text, "dndrift_config_last_reload_successful", daemon->is_last_reload_successful, NULL);
    sample_family(text, "dndrift_config_last_reload_success_timestamp_seconds", "gauge",
                  "When a configuration was last accepted, in Unix time.");
    sample_time(text, "dndrift_config_last_reload_success_timestamp_seconds", daemon->wall_last_reload_ms,
                NULL);
    sample_family(text, "dndrift_store_errors_total", "counter", "Commits to the database that failed.");
    sample_count(text, "dndrift_store_errors_total", daemon->store_errors_total, NULL);
}

static char *metrics_finish(void *user, const struct health_view *view, int *ret_code)
{
    g_autofree struct draft *draft = user;
    struct daemon_view daemon = {0};
    GString *text = g_string_new(NULL);

    view->daemon(view->user, true, &daemon);
    append_daemon(text, &daemon);
    outlet_metrics_append(text, view);
    append_verdicts(text, draft);
    directory_metrics_append(text, view);
    process_metrics_append(text, daemon.wall_start_ms);
    for (unsigned i = 0; i < N_FAMILIES; i++) {
        g_string_append_len(text, draft->watches[i]->str, (gssize)draft->watches[i]->len);
        g_string_free(draft->watches[i], TRUE);
    }
    *ret_code = 200;
    return g_string_free(text, FALSE);
}

static void metrics_discard(void *user)
{
    struct draft *draft = user;

    for (unsigned i = 0; i < N_FAMILIES; i++)
        g_string_free(draft->watches[i], TRUE);
    g_free(draft);
}

const struct snapshot_kind metrics_all = {
    .type = ANSWER_METRICS,
    .begin = metrics_begin,
    .add = metrics_add,
    .finish = metrics_finish,
    .discard = metrics_discard,
};
