#include "health/metrics.h"

#include "config.h"
#include "health/answer.h"
#include "health/directory_metrics.h"
#include "health/outlet_metrics.h"
#include "health/process_metrics.h"
#include "health/sample.h"
#include "health/status.h"

/* Families of watches: a family must stand in one piece, so each grows by itself during the pass. */
enum family {
    WATCH_DRIFT,
    WATCH_VERDICT,
    WATCH_INFO,
    WATCH_SINCE,
    WATCH_COMPARED,
    WATCH_UNVERIFIABLE,
    WATCH_STALE,
    WATCH_SILENCED,
    WATCH_FLAPPING,
    N_FAMILIES
};

static const struct {
    const char *name;
    const char *type;
    const char *help;
} families[N_FAMILIES] = {
    [WATCH_DRIFT] = {"dndrift_watch_drift", "gauge", "1 while a drift of the watch is open, else 0."},
    [WATCH_VERDICT] = {"dndrift_watch_verdict", "gauge",
                       "1 for the confirmed verdict of the watch; other verdicts have no series."},
    [WATCH_INFO] = {"dndrift_watch_info", "info", "1; what the watch compares, for whom."},
    [WATCH_SINCE] = {"dndrift_watch_verdict_since_timestamp_seconds", "gauge",
                     "Since when the confirmed verdict holds, in Unix time."},
    [WATCH_COMPARED] = {"dndrift_watch_last_compared_timestamp_seconds", "gauge",
                        "When the watch was last found in order or drifted, in Unix time; comparisons run on "
                        "their own timer, not on scrapes."},
    [WATCH_UNVERIFIABLE] =
        {"dndrift_watch_unverifiable", "gauge",
         "1 while the watch cannot be compared, else 0; its verdict is the last one known."},
    [WATCH_STALE] = {"dndrift_watch_stale", "gauge",
                     "1 if the watch was not compared for its stale_after, else 0."},
    [WATCH_SILENCED] = {"dndrift_watch_silenced", "gauge",
                        "1 while a maintenance window silences the watch; others have no series."},
    [WATCH_FLAPPING] = {"dndrift_watch_flapping", "gauge",
                        "1 while the watch changes between drift and ok too often; others have no series."},
};

struct draft {
    enum sample_format format;
    GString *watches[N_FAMILIES];
    uint64_t n_verdicts[VERDICT_COUNT];
};

static struct draft *draft_new(enum sample_format format)
{
    struct draft *draft = g_new0(struct draft, 1);

    draft->format = format;
    for (unsigned i = 0; i < N_FAMILIES; i++) {
        draft->watches[i] = g_string_new(NULL);
        sample_family(draft->watches[i], format, families[i].name, families[i].type, families[i].help);
    }
    return draft;
}

static void *prometheus_begin(const struct health_view *view)
{
    (void)view;
    return draft_new(SAMPLE_PROMETHEUS);
}

static void *openmetrics_begin(const struct health_view *view)
{
    (void)view;
    return draft_new(SAMPLE_OPENMETRICS);
}

static void metrics_add(void *user, const struct watch_state *state, struct now now)
{
    struct draft *draft = user;
    const char *verdict = verdict_name(state->alarm.verdict);

    draft->n_verdicts[state->alarm.verdict]++;
    sample_count(draft->watches[WATCH_DRIFT], families[WATCH_DRIFT].name, state->alarm.is_drift_open, "watch",
                 state->watch, NULL);
    sample_count(draft->watches[WATCH_UNVERIFIABLE], families[WATCH_UNVERIFIABLE].name,
                 status_is_unverifiable(state), "watch", state->watch, NULL);
    sample_count(draft->watches[WATCH_STALE], families[WATCH_STALE].name, watch_state_is_stale(state, now),
                 "watch", state->watch, NULL);
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
    if (state->silence)
        sample_count(draft->watches[WATCH_SILENCED], families[WATCH_SILENCED].name, 1, "watch", state->watch,
                     NULL);
    if (state->alarm.quiet.is_flapping)
        sample_count(draft->watches[WATCH_FLAPPING], families[WATCH_FLAPPING].name, 1, "watch", state->watch,
                     NULL);
}

static void append_verdicts(GString *text, const struct draft *draft)
{
    sample_family(text, draft->format, "dndrift_watches", "gauge",
                  "Watches by confirmed verdict; those not judged yet in none.");
    for (unsigned i = VERDICT_NONE + 1; i < VERDICT_COUNT; i++)
        sample_count(text, "dndrift_watches", draft->n_verdicts[i], "verdict", verdict_name(i), NULL);
}

static void append_daemon(GString *text, enum sample_format format, const struct daemon_view *daemon)
{
    sample_family(text, format, "dndrift_build_info", "info", "1; the version that runs.");
    sample_count(text, "dndrift_build_info", 1, "version", PACKAGE_VERSION, NULL);
    sample_family(text, format, "dndrift_loop_lag_seconds", "gauge",
                  "Greatest delay of the event loop since the last scrape.");
    sample_number(text, "dndrift_loop_lag_seconds", daemon->loop_lag_s, NULL);
    sample_family(text, format, "dndrift_config_last_reload_successful", "gauge",
                  "Whether the last reload was accepted.");
    sample_count(text, "dndrift_config_last_reload_successful", daemon->is_last_reload_successful, NULL);
    sample_family(text, format, "dndrift_config_last_reload_success_timestamp_seconds", "gauge",
                  "When a configuration was last accepted, in Unix time.");
    sample_time(text, "dndrift_config_last_reload_success_timestamp_seconds", daemon->wall_last_reload_ms,
                NULL);
    sample_family(text, format, "dndrift_store_errors_total", "counter",
                  "Commits to the database that failed.");
    sample_count(text, "dndrift_store_errors_total", daemon->store_errors_total, NULL);
}

static char *metrics_finish(void *user, const struct health_view *view, int *ret_code)
{
    g_autofree struct draft *draft = user;
    struct daemon_view daemon = {0};
    GString *text = g_string_new(NULL);

    view->daemon(view->user, true, &daemon);
    append_daemon(text, draft->format, &daemon);
    outlet_metrics_append(text, draft->format, view);
    append_verdicts(text, draft);
    directory_metrics_append(text, draft->format, view);
    process_metrics_append(text, draft->format, daemon.wall_start_ms);
    for (unsigned i = 0; i < N_FAMILIES; i++) {
        g_string_append_len(text, draft->watches[i]->str, (gssize)draft->watches[i]->len);
        g_string_free(draft->watches[i], TRUE);
    }
    if (draft->format == SAMPLE_OPENMETRICS)
        g_string_append(text, "# EOF\n");
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

const struct snapshot_kind metrics_prometheus = {
    .type = ANSWER_METRICS,
    .begin = prometheus_begin,
    .add = metrics_add,
    .finish = metrics_finish,
    .discard = metrics_discard,
};

const struct snapshot_kind metrics_openmetrics = {
    .type = ANSWER_OPENMETRICS,
    .begin = openmetrics_begin,
    .add = metrics_add,
    .finish = metrics_finish,
    .discard = metrics_discard,
};
