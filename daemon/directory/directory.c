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
};

static void start_next(struct directory *directory);

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
    struct directory *directory = g_new0(struct directory, 1);

    directory->settings = directory_config_dup(settings);
    directory->listener = listener;
    directory->user = user;
    g_queue_init(&directory->rounds);
    directory->means = (struct errand_means){
        .base = base,
        .fleet = fleet_new(base, directory->settings, prober, &server_listener, directory),
        .credentials = &directory->credentials,
        .suspects = suspects_new(),
        .settings = directory->settings};
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

void directory_reload(struct directory *directory, const struct directory_config *settings)
{
    struct directory_config *old = directory->settings;
    bool is_changed = !directory_config_equal(old, settings);
    struct server *asked = directory->errand ? errand_server(directory->errand) : NULL;

    directory->settings = directory_config_dup(settings);
    directory->means.settings = directory->settings;
    credentials_forgive(&directory->credentials);
    bool is_gone = fleet_reload(directory->means.fleet, directory->settings, is_changed, asked);
    directory_config_free(old);
    if (is_gone)
        errand_forget_server(directory->errand);
}

void directory_free(struct directory *directory)
{
    if (!directory)
        return;
    errand_free(directory->errand);
    g_queue_clear_full(&directory->rounds, (GDestroyNotify)round_free);
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

uint64_t directory_restarts(const struct directory *directory)
{
    return fleet_restarts(directory->means.fleet);
}
