#include "directory/directory.h"

#include "directory/errand.h"

struct directory {
    struct directory_config *settings;
    const struct directory_listener *listener;
    void *user;
    struct credentials credentials;
    struct errand_means means; /* all of it is the directory's */
    GQueue rounds;             /* of struct round; the engine has one a time and interval under way */
    struct errand *errand;     /* the round that runs */
    struct event *catch_up;    /* follows what DNS named while that round stood in the way */
    bool is_behind;            /* there is something to catch up on */
};

static void start_next(struct directory *directory);

/* The servers become those that the settings and DNS name now. One that is asked at the moment stays until
 * its round has ended. */
static void follow_discovery(struct directory *directory)
{
    g_auto(GStrv) uris = discovery_servers(directory->means.discovery);
    const struct server *asked = directory->errand ? errand_server(directory->errand) : NULL;

    directory->is_behind = asked && !g_strv_contains((const char *const *)uris, server_uri(asked));
    if (!directory->is_behind)
        fleet_follow(directory->means.fleet, uris, asked);
}

static void on_catch_up(evutil_socket_t fd, short what, void *user)
{
    (void)fd, (void)what;
    follow_discovery(user);
}

static void on_lookup(void *user, const char *uri, const struct failure *failure)
{
    struct directory *directory = user;

    follow_discovery(directory);
    if (directory->errand)
        errand_on_lookup(directory->errand);
    if (failure)
        directory->listener->on_lookup_failure(directory->user, directory->settings->name, uri, failure);
}

static void on_observation_of_errand(void *user, struct observation *observation)
{
    struct directory *directory = user;

    directory->listener->on_observation(directory->user, directory->settings->name,
                                        errand_round(directory->errand)->id, observation);
}

static void on_end_of_errand(void *user)
{
    struct directory *directory = user;
    uint64_t id = errand_round(directory->errand)->id;

    g_clear_pointer(&directory->errand, errand_free);
    start_next(directory);
    directory->listener->on_round_end(directory->user, directory->settings->name, id);
}

static void start_next(struct directory *directory)
{
    static const struct errand_listener listener = {on_observation_of_errand, on_end_of_errand};
    struct round *round = directory->errand ? NULL : g_queue_pop_head(&directory->rounds);

    /* From the loop: this may be a call of the server that is to go. It comes before the next errand's turn.
     */
    if (!directory->errand && directory->is_behind)
        event_active(directory->catch_up, EV_TIMEOUT, 0);
    if (round)
        directory->errand = errand_new(&directory->means, round, &listener, directory);
}

/* --- what the server that is asked tells, on to the round that asked it */

static void on_observation(void *user, struct observation *observation)
{
    errand_on_observation(((struct directory *)user)->errand, observation);
}

static void on_served(void *user)
{
    errand_on_served(((struct directory *)user)->errand);
}

static void on_failed(void *user, const struct failure *failure, bool is_credentials)
{
    errand_on_failed(((struct directory *)user)->errand, failure, is_credentials);
}

struct directory *directory_new(struct event_base *base, const struct directory_config *settings,
                                const char *prober, const struct directory_listener *listener, void *user)
{
    static const struct server_listener server_listener = {on_observation, on_served, on_failed};
    static const struct discovery_listener discovery_listener = {on_lookup};
    struct directory *directory = g_new0(struct directory, 1);

    directory->settings = directory_config_dup(settings);
    directory->listener = listener;
    directory->user = user;
    g_queue_init(&directory->rounds);
    directory->means = (struct errand_means){
        .base = base,
        .fleet = fleet_new(base, directory->settings, prober, &server_listener, directory),
        .discovery = discovery_new(base, directory->settings, prober, &discovery_listener, directory),
        .credentials = &directory->credentials,
        .suspects = suspects_new(),
        .settings = directory->settings};
    directory->catch_up = evtimer_new(base, on_catch_up, directory);
    follow_discovery(directory);
    return directory;
}

void directory_ask(struct directory *directory, struct round *round)
{
    g_queue_push_tail(&directory->rounds, round);
    start_next(directory);
}

void directory_cancel(struct directory *directory, uint64_t id)
{
    if (directory->errand && errand_round(directory->errand)->id == id) {
        g_clear_pointer(&directory->errand, errand_free);
        start_next(directory);
        return;
    }
    for (GList *link = directory->rounds.head; link; link = link->next)
        if (((struct round *)link->data)->id == id) {
            round_free(link->data);
            g_queue_delete_link(&directory->rounds, link);
            return;
        }
}

void directory_retry(struct directory *directory)
{
    fleet_forgive(directory->means.fleet);
}

void directory_reload(struct directory *directory, const struct directory_config *settings)
{
    struct directory_config *old = directory->settings;
    bool is_changed = !directory_config_equal(old, settings);
    struct server *asked = directory->errand ? errand_server(directory->errand) : NULL;

    directory->settings = directory_config_dup(settings);
    directory->means.settings = directory->settings;
    credentials_forgive(&directory->credentials);
    fleet_reload(directory->means.fleet, directory->settings, is_changed);
    discovery_reload(directory->means.discovery, directory->settings);
    g_auto(GStrv) uris = discovery_servers(directory->means.discovery);
    directory->is_behind = false;
    bool is_gone = fleet_follow(directory->means.fleet, uris, asked);
    directory_config_free(old);
    if (is_gone)
        errand_forget_server(directory->errand);
}

void directory_free(struct directory *directory)
{
    if (!directory)
        return;
    errand_free(directory->errand);
    event_free(directory->catch_up);
    g_queue_clear_full(&directory->rounds, (GDestroyNotify)round_free);
    discovery_free(directory->means.discovery);
    fleet_free(directory->means.fleet);
    suspects_free(directory->means.suspects);
    credentials_clear(&directory->credentials);
    directory_config_free(directory->settings);
    g_free(directory);
}

unsigned directory_n_servers(const struct directory *directory)
{
    return fleet_n_servers(directory->means.fleet);
}

struct server_health directory_server(const struct directory *directory, unsigned index)
{
    const struct server *server = fleet_server(directory->means.fleet, index);
    const struct standing *standing = server_standing(server);

    return (struct server_health){.server = server_uri(server),
                                  .is_up = standing->is_up,
                                  .is_asked = standing->is_asked,
                                  .kind = standing->kind,
                                  .limits = standing->limits,
                                  .wall_certificate_expires_s = standing->wall_certificate_expires_s};
}

unsigned directory_n_domains(const struct directory *directory)
{
    return discovery_n_domains(directory->means.discovery);
}

struct domain_health directory_domain(const struct directory *directory, unsigned index)
{
    const struct locator *locator = discovery_domain(directory->means.discovery, index);
    bool is_up = locator_is_settled(locator) && locator_failure(locator)->reason == REASON_NONE;

    return (struct domain_health){.uri = locator_uri(locator), .is_up = is_up};
}

uint64_t directory_restarts(const struct directory *directory)
{
    return fleet_restarts(directory->means.fleet);
}
