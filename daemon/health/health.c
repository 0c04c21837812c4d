#include "health/health.h"

#include <event2/http.h>
#include <stdio.h>
#include <string.h>

#include "health/guard.h"
#include "health/listener.h"
#include "health/route.h"

#define HEALTH_MAX_HEADERS 4096
#define HEALTH_MODE        0666 /* reading is for everybody who gets into its folder */
#define CONTROL_MODE       0600

const double health_round_bounds_s[HEALTH_ROUND_BUCKETS] = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

/* One server a door, so that a request knows through which it came. */
struct entrance {
    struct health *health;
    enum door door;
    struct evhttp *http;
};

struct health {
    struct event_base *base;
    struct guard *guard;         /* of all who may listen */
    struct guard *control_guard; /* its own: the operator gets in however many listen */
    struct site *site;
    struct entrance entrances[DOOR_CONTROL + 1];
    GPtrArray *listeners; /* of struct listener */
};

/* An address to listen on, and what for. */
struct wanted {
    char *address;
    enum door door;
    mode_t mode;
    const char *key;
};

static void on_free_listener(void *listener)
{
    listener_free(listener);
}

static void on_request(struct evhttp_request *request, void *user)
{
    struct entrance *entrance = user;

    route_answer(entrance->health->site, entrance->door, request);
}

static void entrance_open(struct entrance *entrance, struct health *health, enum door door)
{
    /* All methods, so that the answer to a wrong one is ours. */
    const uint16_t methods = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
                             EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT |
                             EVHTTP_REQ_PATCH;

    *entrance = (struct entrance){.health = health, .door = door, .http = evhttp_new(health->base)};
    evhttp_set_allowed_methods(entrance->http, methods);
    evhttp_set_max_headers_size(entrance->http, HEALTH_MAX_HEADERS);
    evhttp_set_max_body_size(entrance->http, 0);
    evhttp_set_gencb(entrance->http, on_request, entrance);
    guard_attach(door == DOOR_CONTROL ? health->control_guard : health->guard, entrance->http);
}

static void wanted_free(void *item)
{
    struct wanted *wanted = item;

    g_free(wanted->address);
    g_free(wanted);
}

static void want(GPtrArray *all, char *address, enum door door, mode_t mode, const char *key)
{
    struct wanted *wanted = g_new0(struct wanted, 1);

    *wanted = (struct wanted){.address = address, .door = door, .mode = mode, .key = key};
    g_ptr_array_add(all, wanted);
}

static GPtrArray *wanted_list(const struct config *config)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(wanted_free);

    for (char **listen = config->listen; listen && *listen; listen++)
        want(all, g_strdup(*listen), g_str_has_prefix(*listen, LISTENER_UNIX) ? DOOR_UNIX : DOOR_TCP,
             HEALTH_MODE, "listen in [health]");
    if (config->control)
        want(all, g_strconcat(LISTENER_UNIX, config->control, NULL), DOOR_CONTROL, CONTROL_MODE,
             "control in [daemon]");
    return all;
}

static bool listener_serves(const struct listener *listener, const struct wanted *wanted,
                            const struct health *health)
{
    return strcmp(listener_address(listener), wanted->address) == 0 &&
           listener_http(listener) == health->entrances[wanted->door].http;
}

static bool is_open(const struct health *health, const struct wanted *wanted)
{
    for (unsigned i = 0; i < health->listeners->len; i++)
        if (listener_serves(g_ptr_array_index(health->listeners, i), wanted, health))
            return true;
    return false;
}

static bool is_wanted(const struct health *health, const struct listener *listener, const GPtrArray *all)
{
    for (unsigned i = 0; i < all->len; i++)
        if (listener_serves(listener, g_ptr_array_index(all, i), health))
            return true;
    return false;
}

static struct listener *listener_bind(struct health *health, const struct wanted *wanted, GError **error)
{
    GError *cause = NULL;
    struct listener *listener = listener_new(health->base, wanted->address, wanted->mode,
                                             health->entrances[wanted->door].http, &cause);

    if (cause) {
        g_set_error(error, cause->domain, cause->code, "cannot listen on %s: %s (key %s)", wanted->address,
                    cause->message, wanted->key);
        g_error_free(cause);
    }
    return listener;
}

/* What is wanted and not open yet; NULL if one cannot be bound. */
static GPtrArray *bind_missing(struct health *health, const GPtrArray *all, GError **error)
{
    g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func(on_free_listener);

    for (unsigned i = 0; i < all->len; i++) {
        const struct wanted *wanted = g_ptr_array_index(all, i);
        struct listener *listener = is_open(health, wanted) ? NULL : listener_bind(health, wanted, error);

        if (listener)
            g_ptr_array_add(fresh, listener);
        else if (!is_open(health, wanted))
            return NULL;
    }
    return g_steal_pointer(&fresh);
}

static void close_unwanted(struct health *health, const GPtrArray *all)
{
    for (unsigned i = health->listeners->len; i-- > 0;)
        if (!is_wanted(health, g_ptr_array_index(health->listeners, i), all))
            g_ptr_array_remove_index_fast(health->listeners, i);
}

struct health *health_new(struct event_base *base, const struct config *config,
                          const struct health_view *view, GError **error)
{
    struct health *health = g_new0(struct health, 1);

    health->base = base;
    health->guard = guard_new(base);
    health->control_guard = guard_new(base);
    health->site = site_new(base, view);
    health->listeners = g_ptr_array_new_with_free_func(on_free_listener);
    for (unsigned i = 0; i < G_N_ELEMENTS(health->entrances); i++)
        entrance_open(&health->entrances[i], health, (enum door)i);
    if (health_reload(health, config, error))
        return health;
    health_free(health);
    return NULL;
}

bool health_reload(struct health *health, const struct config *config, GError **error)
{
    g_autoptr(GPtrArray) all = wanted_list(config);
    GPtrArray *fresh = bind_missing(health, all, error);

    if (!fresh)
        return false;
    close_unwanted(health, all);
    g_ptr_array_extend_and_steal(health->listeners, fresh);
    site_reload(health->site, config);
    return true;
}

void health_free(struct health *health)
{
    if (!health)
        return;
    g_ptr_array_unref(health->listeners);
    site_free(health->site);
    for (unsigned i = 0; i < G_N_ELEMENTS(health->entrances); i++)
        evhttp_free(health->entrances[i].http);
    guard_free(health->guard);
    guard_free(health->control_guard);
    g_free(health);
}

void health_event_log(int severity, const char *message)
{
    if (severity == EVENT_LOG_ERR)
        fprintf(stderr, "<3>libevent: %s\n", message);
}
