#include "view.h"

#include <string.h>

#include "edges.h"
#include "reload.h"

static struct now view_now(void *user)
{
    (void)user;
    return clocks_now();
}

static void view_daemon(void *user, bool is_scrape, struct daemon_view *ret_view)
{
    struct parts *parts = user;
    g_autofree char *why_not = NULL;

    *ret_view = (struct daemon_view){
        .is_ready = engine_is_ready(parts->engine, &why_not),
        .store_errors_total = store_errors_total(parts->store),
        .is_store_failing = parts->is_store_failing,
        .loop_lag_s = parts->loop_lag_s,
        .is_last_reload_successful = parts->is_last_reload_successful,
        .wall_last_reload_ms = parts->wall_last_reload_ms,
        .wall_start_ms = parts->wall_start_ms,
    };
    g_free(parts->unready);
    parts->unready = g_steal_pointer(&why_not);
    ret_view->unready = parts->unready;
    if (is_scrape)
        parts->loop_lag_s = 0;
}

static unsigned view_n_watches(void *user)
{
    const struct parts *parts = user;

    return engine_n_watches(parts->engine);
}

static const struct watch_state *view_watch(void *user, unsigned index)
{
    const struct parts *parts = user;

    return engine_watch(parts->engine, index);
}

static const struct watch_state *view_find_watch(void *user, const char *name)
{
    const struct parts *parts = user;

    return engine_find_watch(parts->engine, name);
}

static unsigned view_n_directories(void *user)
{
    const struct parts *parts = user;

    return parts->config->directories->len;
}

static void view_counters(struct directory_view *view, const struct engine_counters *counters)
{
    if (!counters)
        return;
    view->comparisons_total = counters->comparisons_total;
    memcpy(view->failures_total, counters->failures_total, sizeof view->failures_total);
    memcpy(view->round_buckets, counters->round_buckets, sizeof view->round_buckets);
    view->round_count = counters->round_count;
    view->round_sum_s = counters->round_sum_s;
}

static void view_directory(void *user, unsigned index, struct directory_view *ret_view)
{
    const struct parts *parts = user;
    const struct directory_config *config = parts->config->directories->pdata[index];
    const struct directory *directory = g_hash_table_lookup(parts->directories, config->name);

    *ret_view = (struct directory_view){.name = config->name,
                                        .certificate_warning_ms = config->certificate_warning_ms};
    view_counters(ret_view, engine_counters(parts->engine, config->name));
    ret_view->restarts_total = directory_restarts(directory);
    ret_view->n_servers = MIN(directory_n_servers(directory), G_N_ELEMENTS(ret_view->servers));
    for (unsigned i = 0; i < ret_view->n_servers; i++) {
        struct server_health server = directory_server(directory, i);
        ret_view->servers[i].server = server.server;
        ret_view->servers[i].is_up = server.is_up;
        ret_view->servers[i].wall_certificate_expires_s = server.wall_certificate_expires_s;
    }
    ret_view->n_domains = MIN(directory_n_domains(directory), G_N_ELEMENTS(ret_view->domains));
    for (unsigned i = 0; i < ret_view->n_domains; i++) {
        struct domain_health domain = directory_domain(directory, i);
        ret_view->domains[i].uri = domain.uri;
        ret_view->domains[i].is_up = domain.is_up;
    }
}

static void view_history(void *user, const struct history_query *query, history_answer_fn *on_answer,
                         void *asking)
{
    const struct parts *parts = user;

    store_read_history(parts->store, query, on_answer, asking);
}

static unsigned view_n_outlets(void *user)
{
    const struct parts *parts = user;

    return outbox_n_outlets(parts->outbox);
}

static void view_outlet(void *user, unsigned index, struct outlet_view *ret_view)
{
    const struct parts *parts = user;
    struct outlet_figures figures = outbox_outlet(parts->outbox, index);

    *ret_view = (struct outlet_view){figures.name, figures.depth, figures.oldest_ms, figures.sent_total,
                                     figures.failures_total};
}

static bool view_adopt(void *user, const char *watch, char **ret_sentence)
{
    struct parts *parts = user;
    bool is_ok = engine_adopt(parts->engine, clocks_now(), watch, ret_sentence);

    edges_tick(parts);
    return is_ok;
}

static bool view_compare(void *user, const char *watch, char **ret_sentence)
{
    struct parts *parts = user;
    bool is_ok = engine_compare(parts->engine, clocks_now(), watch, ret_sentence);

    edges_tick(parts);
    return is_ok;
}

static bool view_reload(void *user, char **ret_sentence)
{
    return reload_configuration(user, ret_sentence);
}

struct health_view view_of(struct parts *parts)
{
    return (struct health_view){
        .user = parts,
        .now = view_now,
        .daemon = view_daemon,
        .n_watches = view_n_watches,
        .watch = view_watch,
        .find_watch = view_find_watch,
        .n_directories = view_n_directories,
        .directory = view_directory,
        .history = view_history,
        .n_outlets = view_n_outlets,
        .outlet = view_outlet,
        .adopt = view_adopt,
        .compare = view_compare,
        .reload = view_reload,
    };
}
