#include "config.h"

#include "service.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "derivation.h"
#include "edges.h"
#include "enquiries.h"
#include "enquiry.h"
#include "program_path.h"
#include "reload.h"
#include "view.h"

#define STOP_MS  1000 /* what is left to send may take so long */
#define CLOSE_MS 250  /* and the store twice that much */
#define DRAIN_MS 10

struct service {
    struct parts parts;
    struct event *signals[3];
    struct event *drain; /* while stopping: looks whether all is told */
    int64_t mono_stop_us;
};

/* --- signals */

static void on_reload(evutil_socket_t fd, short what, void *user)
{
    struct service *service = user;
    g_autofree char *sentence = NULL;

    (void)fd;
    (void)what;
    if (!service->drain)
        reload_configuration(&service->parts, &sentence);
}

static void on_drain(evutil_socket_t fd, short what, void *user)
{
    struct service *service = user;
    struct parts *parts = &service->parts;
    bool is_told = store_n_queued(parts->store) == 0 && outbox_depth(parts->outbox) == 0;

    (void)fd;
    (void)what;
    if (is_told || g_get_monotonic_time() > service->mono_stop_us)
        event_base_loopbreak(parts->base);
}

static void on_stop(evutil_socket_t fd, short what, void *user)
{
    struct service *service = user;
    struct parts *parts = &service->parts;
    struct timeval delay = {0, DRAIN_MS * 1000};

    (void)fd;
    (void)what;
    if (service->drain)
        return;
    notify_stopping(parts->notify);
    g_clear_pointer(&parts->health, health_free); /* it looks at what goes now */
    g_hash_table_remove_all(parts->directories);
    g_clear_pointer(&parts->lookout, lookout_free);
    event_del(parts->tick);
    engine_announce(parts->engine, clocks_now(), WORD_STOPPED, "stopped");
    service->mono_stop_us = g_get_monotonic_time() + STOP_MS * 1000;
    service->drain = event_new(parts->base, -1, EV_PERSIST, on_drain, service);
    event_add(service->drain, &delay);
}

static void add_signals(struct service *service)
{
    struct event_base *base = service->parts.base;

    signal(SIGPIPE, SIG_IGN);
    service->signals[0] = evsignal_new(base, SIGTERM, on_stop, service);
    service->signals[1] = evsignal_new(base, SIGINT, on_stop, service);
    service->signals[2] = evsignal_new(base, SIGHUP, on_reload, service);
    for (unsigned i = 0; i < G_N_ELEMENTS(service->signals); i++)
        event_add(service->signals[i], NULL);
}

/* --- start, in order */

static struct event_base *base_new(void)
{
    struct event_config *config = event_config_new();
    struct event_base *base;

    event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
    base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

static bool open_store(struct parts *parts, struct store_content **ret_content)
{
    g_autoptr(GError) error = NULL;

    parts->store = store_open(parts->base, parts->written->state_directory, ret_content, &error);
    if (!parts->store)
        diagnostics_say(LOG_ERR, "%s", error->message);
    return parts->store != NULL;
}

static bool open_health(struct parts *parts)
{
    g_autoptr(GError) error = NULL;
    struct health_view view = view_of(parts);

    parts->health = health_new(parts->base, parts->written, &view, &error);
    if (!parts->health)
        diagnostics_say(LOG_ERR, "%s", error->message);
    return parts->health != NULL;
}

static bool find_prober(struct parts *parts)
{
    g_autoptr(GError) error = NULL;

    parts->prober = program_path_find("dndrift-prober", &error);
    if (!parts->prober)
        diagnostics_say(LOG_ERR, "%s", error->message);
    return parts->prober != NULL;
}

/* With what was left to send when the daemon before this one ended. */
static void open_outbox(struct parts *parts, struct store_content *content)
{
    parts->outbox = outbox_new(parts->base, parts->config, content->id, &edges_outlet_listener, parts);
    g_ptr_array_set_free_func(content->outbox, NULL);
    for (unsigned i = 0; i < content->outbox->len; i++) {
        struct alert *alert = content->outbox->pdata[i];

        outbox_add(parts->outbox, alert, store_content_take_members(content, alert->number), true,
                   store_content_outlets(content, alert->number));
    }
    g_ptr_array_set_size(content->outbox, 0);
}

static void start_engine(struct parts *parts, struct store_content *content)
{
    struct engine_edges edges = edges_of_engine(parts);
    g_autofree char *rejected = g_strdup(content->rejected);
    g_autofree char *holds = config_describe(parts->config);
    g_autofree char *started = g_strdup_printf("%s started: %s", PACKAGE_STRING, holds);

    open_outbox(parts, content);
    for (unsigned i = 0; i < parts->config->directories->len; i++)
        edges_add_directory(parts, parts->config->directories->pdata[i]);
    parts->remarks = remarks_new(content->servers);
    parts->engine = engine_new(&edges, parts->config, content, clocks_now());
    if (rejected) {
        diagnostics_say(LOG_WARNING, "%s", rejected);
        engine_announce(parts->engine, clocks_now(), WORD_REJECTED, rejected);
    }
    engine_announce(parts->engine, clocks_now(), WORD_STARTED, started);
}

/* The watches of before a restart are there at once, what has changed meanwhile comes as an edit. */
static void follow_sources(struct parts *parts, const struct store_content *content)
{
    static const struct lookout_listener listener = {reload_sources, enquiries_ask};

    parts->enquiries = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, enquiry_free);
    parts->lookout = lookout_new(parts->base, &listener, parts);
    lookout_follow(parts->lookout, parts->written);
    derivation_remember(parts->lookout, parts->written, content->states);
    parts->config = derivation_of(parts->written, parts->lookout);
}

static bool start(struct service *service)
{
    struct parts *parts = &service->parts;
    struct store_content *content = NULL;

    event_set_log_callback(health_event_log);
    parts->base = base_new();
    parts->diagnostics = diagnostics_new();
    parts->directories =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)directory_free);
    parts->wall_start_ms = parts->wall_last_reload_ms = clocks_now().wall_ms;
    parts->is_last_reload_successful = true;
    if (!find_prober(parts) || !open_store(parts, &content))
        return false;
    if (!open_health(parts)) {
        store_content_free(content);
        return false;
    }
    parts->notify = notify_new(parts->base);
    follow_sources(parts, content);
    start_engine(parts, content);
    edges_start(parts);
    edges_limit_history(parts);
    add_signals(service);
    return true;
}

/* --- stop, in reverse; also of what never started */

/* What the store commits goes to the outbox, what that sends is noted in the store. What a disk that hangs
 * did not answer is sent as well, for nobody else has it. */
static void stop_telling(struct parts *parts)
{
    if (parts->store)
        store_flush(parts->store, CLOSE_MS);
    if (parts->outbox)
        outbox_flush(parts->outbox);
    if (parts->store)
        store_close(parts->store, CLOSE_MS);
    parts->store = NULL;
    g_clear_pointer(&parts->outbox, outbox_free);
}

static void stop(struct service *service)
{
    struct parts *parts = &service->parts;

    g_clear_pointer(&service->drain, event_free);
    for (unsigned i = 0; i < G_N_ELEMENTS(service->signals); i++)
        g_clear_pointer(&service->signals[i], event_free);
    g_clear_pointer(&parts->directories, g_hash_table_unref);
    g_clear_pointer(&parts->lookout, lookout_free);
    g_clear_pointer(&parts->health, health_free);
    stop_telling(parts);
    g_clear_pointer(&parts->engine, engine_free);
    g_clear_pointer(&parts->remarks, remarks_free);
    edges_stop(parts);
    g_clear_pointer(&parts->notify, notify_free);
    g_clear_pointer(&parts->diagnostics, diagnostics_free);
    g_clear_pointer(&parts->enquiries, g_hash_table_unref);
    config_free(parts->config);
    config_free(parts->written);
    g_free(parts->prober);
    g_free(parts->unready);
    g_clear_pointer(&parts->base, event_base_free);
}

enum exit_code service_run(struct config *config)
{
    struct service service = {.parts = {.written = config}};
    bool is_started = start(&service);

    if (is_started) {
        notify_ready(service.parts.notify);
        event_base_dispatch(service.parts.base);
    }
    stop(&service);
    return is_started ? EXIT_OK : EXIT_ENVIRONMENT;
}
