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

/* The URIs of the lane's own servers: only_one has room for them if it has one. */
static char *const *own_uris(const struct lane *lane, char *const *uris, char *only_one[2])
{
    only_one[0] = lane->only;
    only_one[1] = NULL;
    return lane->only ? only_one : uris;
}

struct lane *lane_new(struct event_base *base, const struct directory_config *settings, char *const *uris,
                      const char *only, const char *prober, struct credentials *credentials)
{
    static const struct server_listener listener = {on_observation, on_served, on_failed};
    struct lane *lane = g_new0(struct lane, 1);
    char *only_one[2];

    lane->only = g_strdup(only);
    lane->means = (struct errand_means){
        .base = base,
        .fleet = fleet_new(base, settings, own_uris(lane, uris, only_one), prober, &listener, lane),
        .credentials = credentials,
        .suspects = suspects_new(),
        .settings = settings};
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

void lane_reload(struct lane *lane, const struct directory_config *settings, char *const *uris,
                 bool is_changed)
{
    const struct server *asked = lane->errand ? errand_server(lane->errand) : NULL;
    char *only_one[2];

    lane->means.settings = settings;
    if (fleet_reload(lane->means.fleet, settings, own_uris(lane, uris, only_one), is_changed, asked))
        errand_forget_server(lane->errand);
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

const struct fleet *lane_fleet(const struct lane *lane)
{
    return lane->means.fleet;
}
