#include "directory/fleet.h"

#include <string.h>

struct berth {
    struct server *server;
    bool is_asked; /* in this pass */
};

struct fleet {
    struct event_base *base;
    const struct directory_config *settings;
    char *prober;
    const struct credentials *credentials;
    const struct server_listener *listener;
    void *user;
    GArray *berths;
    uint64_t past_restarts; /* of servers that are gone from the list */
};

static struct berth *berth_at(const struct fleet *fleet, unsigned index)
{
    return &g_array_index(fleet->berths, struct berth, index);
}

static void berth_clear(void *berth)
{
    server_free(((struct berth *)berth)->server);
}

static GArray *berths_new(void)
{
    GArray *berths = g_array_new(FALSE, TRUE, sizeof(struct berth));

    g_array_set_clear_func(berths, berth_clear);
    return berths;
}

struct fleet *fleet_new(struct event_base *base, const struct directory_config *settings, const char *prober,
                        const struct credentials *credentials, const struct server_listener *listener,
                        void *user)
{
    struct fleet *fleet = g_new0(struct fleet, 1);

    fleet->base = base;
    fleet->settings = settings;
    fleet->prober = g_strdup(prober);
    fleet->credentials = credentials;
    fleet->listener = listener;
    fleet->user = user;
    fleet->berths = berths_new();
    return fleet;
}

void fleet_free(struct fleet *fleet)
{
    if (!fleet)
        return;
    g_array_unref(fleet->berths);
    g_free(fleet->prober);
    g_free(fleet);
}

/* Takes the berth of that URI out of the old list; without a server: it is a new one. */
static struct berth berth_steal(GArray *berths, const char *uri)
{
    for (unsigned i = 0; i < berths->len; i++) {
        struct berth *berth = &g_array_index(berths, struct berth, i);
        if (berth->server && strcmp(server_uri(berth->server), uri) == 0)
            return (struct berth){g_steal_pointer(&berth->server), berth->is_asked};
    }
    return (struct berth){0};
}

bool fleet_follow(struct fleet *fleet, char **uris, const struct server *asked)
{
    g_autoptr(GArray) old = g_steal_pointer(&fleet->berths);
    bool is_gone = asked != NULL;

    fleet->berths = berths_new();
    for (char **uri = uris; *uri; uri++) {
        struct berth berth = berth_steal(old, *uri);
        if (!berth.server)
            berth.server =
                server_new(fleet->base, fleet->settings, *uri, fleet->prober, fleet->listener, fleet->user);
        is_gone = is_gone && berth.server != asked;
        g_array_append_val(fleet->berths, berth);
    }
    for (unsigned i = 0; i < old->len; i++) {
        struct server *left = g_array_index(old, struct berth, i).server;
        fleet->past_restarts += left ? standing_restarts(server_standing(left)) : 0;
    }
    return is_gone;
}

void fleet_reload(struct fleet *fleet, const struct directory_config *settings, bool is_changed)
{
    fleet->settings = settings;
    for (unsigned i = 0; i < fleet->berths->len; i++)
        server_reload(berth_at(fleet, i)->server, settings, is_changed);
    fleet_start_pass(fleet);
}

void fleet_start_pass(struct fleet *fleet)
{
    for (unsigned i = 0; i < fleet->berths->len; i++)
        berth_at(fleet, i)->is_asked = false;
}

static unsigned berth_refusals(const struct fleet *fleet, const struct berth *berth)
{
    return credentials_refusals(fleet->credentials, server_uri(berth->server));
}

static int64_t berth_until_ms(const struct fleet *fleet, const struct berth *berth)
{
    int64_t until_ms = standing_until_ms(server_standing(berth->server));

    return server_has_prober(berth->server)
               ? until_ms
               : MAX(until_ms, credentials_until_ms(fleet->credentials, server_uri(berth->server)));
}

/* The first, but who refused us gives way to who did not, or less often. */
static struct berth *next_berth(const struct fleet *fleet, int64_t now_ms)
{
    struct berth *next = NULL;

    for (unsigned i = 0; i < fleet->berths->len; i++) {
        struct berth *berth = berth_at(fleet, i);
        if (!berth->is_asked && berth_until_ms(fleet, berth) <= now_ms &&
            (!next || berth_refusals(fleet, berth) < berth_refusals(fleet, next)))
            next = berth;
    }
    return next;
}

bool fleet_has_next(const struct fleet *fleet, int64_t now_ms)
{
    return next_berth(fleet, now_ms) != NULL;
}

bool fleet_has_next_refused(const struct fleet *fleet, int64_t now_ms)
{
    const struct berth *berth = next_berth(fleet, now_ms);

    return berth && berth_refusals(fleet, berth) > 0;
}

bool fleet_is_next_connected(const struct fleet *fleet, int64_t now_ms)
{
    const struct berth *berth = next_berth(fleet, now_ms);

    return berth && server_has_prober(berth->server);
}

struct server *fleet_next(struct fleet *fleet, int64_t now_ms)
{
    struct berth *berth = next_berth(fleet, now_ms);

    if (!berth)
        return NULL;
    berth->is_asked = true;
    return berth->server;
}

int64_t fleet_soonest_ms(const struct fleet *fleet)
{
    int64_t soonest_ms = INT64_MAX;

    for (unsigned i = 0; i < fleet->berths->len; i++)
        soonest_ms = MIN(soonest_ms, berth_until_ms(fleet, berth_at(fleet, i)));
    return soonest_ms;
}

const struct server *fleet_first_failed(const struct fleet *fleet)
{
    for (unsigned i = 0; i < fleet->berths->len; i++) {
        const struct server *server = berth_at(fleet, i)->server;
        if (server_standing(server)->failure.reason != REASON_NONE)
            return server;
    }
    return NULL;
}

void fleet_leave_all(struct fleet *fleet)
{
    fleet_leave_after(fleet, NULL);
}

void fleet_leave_after(struct fleet *fleet, const struct server *serving)
{
    bool is_after = serving == NULL;

    for (unsigned i = 0; i < fleet->berths->len; i++) {
        struct server *server = berth_at(fleet, i)->server;
        if (is_after)
            server_leave(server);
        is_after = is_after || server == serving;
    }
}

void fleet_forgive(struct fleet *fleet)
{
    for (unsigned i = 0; i < fleet->berths->len; i++)
        server_forgive(berth_at(fleet, i)->server);
}

unsigned fleet_n_servers(const struct fleet *fleet)
{
    return fleet->berths->len;
}

struct server *fleet_server(const struct fleet *fleet, unsigned index)
{
    return berth_at(fleet, index)->server;
}

uint64_t fleet_restarts(const struct fleet *fleet)
{
    uint64_t restarts = fleet->past_restarts;

    for (unsigned i = 0; i < fleet->berths->len; i++)
        restarts += standing_restarts(server_standing(berth_at(fleet, i)->server));
    return restarts;
}
