#include "directory/lane.h"

#include "directory/clock.h"

struct lane {
    char *only;
    struct errand_means means; /* fleet and suspects are the lane's */
    struct errand *errand;     /* the round that runs; NULL: none */
    const struct errand_listener *listener;
    void *user;
};

/* --- what the server that is asked tells, on to the errand that asked it */

static void on_observation(void *user, struct observation *observation)
{
    errand_on_observation(((struct lane *)user)->errand, observation);
}

static void on_served(void *user)
{
    errand_on_served(((struct lane *)user)->errand);
}

static void on_failed(void *user, const struct failure *failure, bool is_credentials)
{
    errand_on_failed(((struct lane *)user)->errand, failure, is_credentials);
}

/* --- what the errand leads to */

static void on_observation_of_errand(void *user, struct observation *observation)
{
    struct lane *lane = user;

    lane->listener->on_observation(lane->user, observation);
}

static void on_end_of_errand(void *user)
{
    struct lane *lane = user;

    g_clear_pointer(&lane->errand, errand_free);
    lane->listener->on_end(lane->user);
}

struct lane *lane_new(const struct lane_means *means, const char *only)
{
    static const struct server_listener listener = {on_observation, on_served, on_failed};
    struct lane *lane = g_new0(struct lane, 1);

    lane->only = g_strdup(only);
    lane->means = (struct errand_means){
        .base = means->base,
        .fleet = fleet_new(means->base, means->settings, means->prober, means->credentials, &listener, lane),
        .discovery = means->discovery,
        .credentials = means->credentials,
        .suspects = suspects_new(),
        .settings = means->settings,
        .is_fixed = only != NULL};
    return lane;
}

void lane_free(struct lane *lane)
{
    if (!lane)
        return;
    errand_free(lane->errand);
    fleet_free(lane->means.fleet);
    suspects_free(lane->means.suspects);
    g_free(lane->only);
    g_free(lane);
}

void lane_follow(struct lane *lane, char **uris)
{
    const struct server *asked = lane->errand ? errand_server(lane->errand) : NULL;

    if (fleet_follow(lane->means.fleet, lane->only ? (char *[]){lane->only, NULL} : uris, asked))
        errand_forget_server(lane->errand);
}

void lane_reload(struct lane *lane, const struct directory_config *settings, bool is_changed)
{
    lane->means.settings = settings;
    fleet_reload(lane->means.fleet, settings, is_changed);
}

void lane_ask(struct lane *lane, struct round *round, bool is_patient, const struct errand_listener *listener,
              void *user)
{
    static const struct errand_listener own = {on_observation_of_errand, on_end_of_errand};

    g_assert(!lane->errand);
    lane->listener = listener;
    lane->user = user;
    lane->errand = errand_new(&lane->means, round, is_patient, &own, lane);
}

void lane_cancel(struct lane *lane)
{
    g_clear_pointer(&lane->errand, errand_free);
}

void lane_on_lookup(struct lane *lane)
{
    if (lane->errand)
        errand_on_lookup(lane->errand);
}

void lane_forgive(struct lane *lane)
{
    fleet_forgive(lane->means.fleet);
}

int64_t lane_wait_ms(const struct lane *lane)
{
    return MAX(fleet_soonest_ms(lane->means.fleet) - clock_ms(), 0);
}

const char *lane_only(const struct lane *lane)
{
    return lane->only;
}

const char *lane_asked(const struct lane *lane)
{
    const struct server *server = lane->errand ? errand_server(lane->errand) : NULL;

    return server ? server_uri(server) : NULL;
}

const struct fleet *lane_fleet(const struct lane *lane)
{
    return lane->means.fleet;
}
