#include "edges.h"

#include <string.h>

#include "enquiries.h"
#include "health/expiry.h"
#include "judge/explain.h"
#include "open_alerts.h"

#define MEND_MS    (10 * 1000) /* between attempts to commit while the store fails */
#define LAG_MS     100
#define LONGEST_MS (60 * 60 * 1000) /* the longest sleep of the tick: clocks may jump */
#define SOON_MS    1000

#define MAX_OWED 10000 /* entries of the history */

static void arm_tick(struct parts *parts, int64_t boot_ms)
{
    int64_t now_ms = clocks_now().boot_ms;
    struct timeval delay = clocks_delay(CLAMP(boot_ms - now_ms, 0, LONGEST_MS));

    parts->boot_tick_ms = MIN(boot_ms, now_ms + LONGEST_MS);
    event_add(parts->tick, &delay);
}

static void tell_status(struct parts *parts)
{
    unsigned n_drift = 0, n_ok = 0, n = engine_n_watches(parts->engine);

    for (unsigned i = 0; i < n; i++) {
        enum verdict_class class = verdict_class(engine_watch(parts->engine, i)->alarm.verdict);
        n_drift += class == CLASS_DRIFT;
        n_ok += class == CLASS_OK;
    }
    g_autofree char *status = g_strdup_printf("%u watches: %u right, %u drifted, %u not verified", n, n_ok,
                                              n_drift, n - n_ok - n_drift);
    notify_status(parts->notify, status);
}

void edges_tick(struct parts *parts)
{
    arm_tick(parts, engine_tick(parts->engine, clocks_now()));
}

static void on_tick(evutil_socket_t fd, short what, void *user)
{
    (void)fd;
    (void)what;
    edges_tick(user);
}

/* How late a timer rings is how long something held the loop. */
static void on_lag(evutil_socket_t fd, short what, void *user)
{
    struct parts *parts = user;
    int64_t now_us = g_get_monotonic_time();
    struct timeval delay = clocks_delay(LAG_MS);
    double lag_s = (double)(now_us - parts->mono_lag_due_us) / G_USEC_PER_SEC;

    (void)fd;
    (void)what;
    parts->loop_lag_s = MAX(parts->loop_lag_s, lag_s);
    parts->mono_lag_due_us = now_us + LAG_MS * 1000;
    event_add(parts->lag, &delay);
}

/* --- from the directories */

static void say_failure(struct parts *parts, const char *directory, const char *server,
                        const struct failure *failure)
{
    const char *reason = reason_name(failure->reason);
    g_autofree char *key = g_strconcat(directory, "\n", reason ? reason : "", NULL);
    g_autofree char *text = explain_failure(failure);

    diagnostics_say_seldom(parts->diagnostics, clocks_now().boot_ms, key, LOG_WARNING,
                           "directory %s, server %s: %s", directory, server ? server : "none", text);
}

/* Also of a server that failed beside one that answered: nobody would hear of it otherwise. */
static void say_failures(struct parts *parts, const char *directory, const struct observation *observation)
{
    if (observation->dn_answer == DN_FAILED)
        say_failure(parts, directory, observation->server, &observation->failure);
    for (unsigned i = 0; observation->others && i < observation->others->len; i++)
        say_failures(parts, directory, observation->others->pdata[i]);
}

static void on_observation(void *user, const char *directory, uint64_t round, struct observation *observation)
{
    struct parts *parts = user;
    struct now now = clocks_now();

    say_failures(parts, directory, observation);
    if (enquiries_have(round)) {
        enquiries_on_observation(parts, round, observation);
        observation_free(observation);
        return;
    }
    engine_on_observation(parts->engine, now, directory, round, observation);
    if (parts->boot_tick_ms > now.boot_ms + SOON_MS)
        arm_tick(parts, now.boot_ms + SOON_MS);
}

static void say_limits(struct parts *parts, const char *directory, const struct server_health *server)
{
    if (remarks_note_limits(parts->remarks, directory, server, clocks_now().boot_ms))
        diagnostics_say(LOG_NOTICE, "directory %s, server %s: %s", directory, server->server, server->limits);
}

static void say_expiry(struct parts *parts, const struct directory_config *config,
                       const struct server_health *server)
{
    int64_t wall_ms = clocks_now().wall_ms;

    if (!remarks_note_certificate(parts->remarks, config->name, server, config->certificate_warning_ms,
                                  wall_ms))
        return;
    g_autofree char *sentence = expiry_sentence(server->server, server->wall_certificate_expires_s, wall_ms);
    diagnostics_say(LOG_WARNING, "directory %s: %s", config->name, sentence);
    struct store_batch *batch = store_batch_new();
    g_ptr_array_add(batch->servers, server_notice_new(config->name, server->server, wall_ms));
    edges_of_engine(parts).commit(parts, batch);
}

static void say_remarks(struct parts *parts, const char *name)
{
    const struct directory_config *config = config_directory(parts->config, name);
    const struct directory *directory = g_hash_table_lookup(parts->directories, name);

    for (unsigned i = 0; config && directory && i < directory_n_servers(directory); i++) {
        struct server_health server = directory_server(directory, i);

        say_limits(parts, name, &server);
        say_expiry(parts, config, &server);
    }
}

static void on_round_end(void *user, const char *directory, uint64_t round)
{
    struct parts *parts = user;

    if (enquiries_have(round))
        return;
    engine_on_round_end(parts->engine, clocks_now(), directory, round);
    say_remarks(parts, directory);
    edges_tick(parts);
    tell_status(parts);
}

static void on_lookup_failure(void *user, const char *directory, const char *uri,
                              const struct failure *failure)
{
    say_failure(user, directory, uri, failure);
}

void edges_add_directory(struct parts *parts, const struct directory_config *config)
{
    static const struct directory_listener listener = {on_observation, on_round_end, on_lookup_failure};
    struct directory *directory = directory_new(parts->base, config, parts->prober, &listener, parts);

    g_hash_table_replace(parts->directories, g_strdup(config->name), directory);
}

/* --- to the directories */

static void ask(void *user, const char *directory, struct round *round)
{
    struct parts *parts = user;
    struct directory *asked = g_hash_table_lookup(parts->directories, directory);

    if (asked)
        directory_ask(asked, round);
    else
        round_free(round); /* the daemon is stopping */
}

static void cancel(void *user, const char *directory, uint64_t round)
{
    struct parts *parts = user;
    struct directory *asked = g_hash_table_lookup(parts->directories, directory);

    if (asked)
        directory_cancel(asked, round);
}

static void retry(void *user)
{
    struct parts *parts = user;
    GHashTableIter iter;
    void *directory;

    g_hash_table_iter_init(&iter, parts->directories);
    while (g_hash_table_iter_next(&iter, NULL, &directory))
        directory_retry(directory);
}

/* --- to the store, and from there to the outbox */

static void note_commit(struct parts *parts, bool is_ok, const char *problem)
{
    struct timeval delay = clocks_delay(MEND_MS);

    if (!is_ok) {
        diagnostics_say_seldom(parts->diagnostics, clocks_now().boot_ms, "store", LOG_ERR,
                               "state could not be kept: %s", problem ? problem : "unknown reason");
        parts->is_state_owed = true;
        if (!evtimer_pending(parts->mend, NULL)) /* failures that go on must not put it off */
            event_add(parts->mend, &delay);
    } else if (parts->is_store_failing)
        diagnostics_say(LOG_NOTICE, "state is kept again");
    parts->is_store_failing = !is_ok;
}

/* What the history lacks is written once the disk is well; of too much the oldest is given up. */
static void owe_history(struct parts *parts, const GPtrArray *alerts)
{
    for (unsigned i = 0; i < alerts->len; i++)
        g_ptr_array_add(parts->owed, alert_dup(alerts->pdata[i]));
    if (parts->owed->len > MAX_OWED)
        g_ptr_array_remove_range(parts->owed, 0, parts->owed->len - MAX_OWED);
}

static void on_committed(void *user, struct store_batch *batch, bool is_ok, const char *problem)
{
    struct parts *parts = user;

    note_commit(parts, is_ok, problem);
    if (!is_ok) {
        owe_history(parts, batch->alerts);
        owe_history(parts, batch->history);
    }
    g_ptr_array_set_free_func(batch->alerts, NULL);
    for (unsigned i = 0; i < batch->alerts->len; i++) {
        struct alert *alert = batch->alerts->pdata[i];

        outbox_add(parts->outbox, alert, store_batch_take_members(batch, alert), is_ok, batch->outlets);
    }
    store_batch_free(batch);
}

static void commit(void *user, struct store_batch *batch)
{
    struct parts *parts = user;

    outbox_list(parts->outbox, batch->outlets);
    store_commit(parts->store, batch, on_committed, parts);
}

static void pay_history(struct parts *parts)
{
    struct store_batch *batch;

    if (parts->owed->len == 0)
        return;
    batch = store_batch_new();
    g_ptr_array_extend_and_steal(batch->history, parts->owed);
    parts->owed = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    commit(parts, batch);
}

static void on_mend(evutil_socket_t fd, short what, void *user)
{
    struct parts *parts = user;

    (void)fd;
    (void)what;
    if (!parts->is_state_owed)
        return;
    parts->is_state_owed = false;
    pay_history(parts);
    engine_keep_all(parts->engine);
}

struct engine_edges edges_of_engine(struct parts *parts)
{
    return (struct engine_edges){parts, ask, cancel, commit, retry};
}

void edges_limit_history(struct parts *parts)
{
    const struct history_limits limits = {parts->written->history_age_ms, parts->written->history_size};

    store_limit_history(parts->store, &limits);
}

static void settle(struct parts *parts, const char *outlet, uint64_t number)
{
    if (parts->store) /* else it is closed, and the next start sends this alert again */
        store_alert_sent(parts->store, outlet, number, 0);
}

static void on_told(void *user, const char *outlet, uint64_t number)
{
    struct parts *parts = user;

    if (parts->store)
        store_alert_told(parts->store, outlet, number, clocks_now().wall_ms);
}

static void on_sent(void *user, const char *outlet, uint64_t number)
{
    settle(user, outlet, number);
}

static void say_of_outlet(struct parts *parts, const char *outlet, const char *what, const char *why)
{
    g_autofree char *kind = g_strndup(why, strcspn(why, ":"));
    g_autofree char *key = g_strjoin("\n", "outlet", outlet, what, kind, NULL);

    diagnostics_say_seldom(parts->diagnostics, clocks_now().boot_ms, key, LOG_WARNING, "outlet %s: %s: %s",
                           outlet, what, why);
}

static void on_given_up(void *user, const char *outlet, uint64_t number, const char *why)
{
    say_of_outlet(user, outlet, "alerts are given up", why);
    settle(user, outlet, number);
}

static void on_outlet_failure(void *user, const char *outlet, bool do_alerts_wait, const char *problem)
{
    say_of_outlet(user, outlet, do_alerts_wait ? "alerts wait" : "what is open was not told again", problem);
}

static bool list_open(void *user, unsigned index, GPtrArray *alerts)
{
    const struct parts *parts = user;

    return open_alerts_list(parts->engine, index, clocks_now(), alerts);
}

static int find_open(void *user, const char *name, GPtrArray *alerts)
{
    const struct parts *parts = user;

    return open_alerts_find(parts->engine, name, clocks_now(), alerts);
}

const struct outlet_listener edges_outlet_listener = {on_told,           on_sent,   on_given_up,
                                                      on_outlet_failure, list_open, find_open};

void edges_start(struct parts *parts)
{
    struct timeval now = {0};

    parts->owed = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    parts->tick = evtimer_new(parts->base, on_tick, parts);
    parts->mend = evtimer_new(parts->base, on_mend, parts);
    parts->lag = evtimer_new(parts->base, on_lag, parts);
    parts->mono_lag_due_us = g_get_monotonic_time();
    event_add(parts->lag, &now);
    event_add(parts->tick, &now);
}

void edges_stop(struct parts *parts)
{
    g_clear_pointer(&parts->tick, event_free);
    g_clear_pointer(&parts->mend, event_free);
    g_clear_pointer(&parts->lag, event_free);
    g_clear_pointer(&parts->owed, g_ptr_array_unref);
}
