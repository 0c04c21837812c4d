#include "directory/directory.h"

#include "directory/survey.h"

struct directory {
    struct event_base *base;
    struct directory_config *settings;
    char *prober;
    const struct directory_listener *listener;
    void *user;
    struct credentials credentials;
    struct discovery *discovery;
    struct lanes *lanes;
    GQueue rounds;          /* of struct round; the engine has one a time and interval under way */
    struct survey *survey;  /* the round that runs */
    struct event *catch_up; /* follows what DNS named while that round stood in the way */
    bool is_behind;         /* there is something to catch up on */
};

static void start_next(struct directory *directory);

/* --- its servers */

static void take_servers(struct directory *directory, char **uris)
{
    g_autoptr(GPtrArray) gone = lanes_follow(directory->lanes, uris);

    if (directory->survey)
        survey_follow(directory->survey, directory->lanes);
}

/* The servers become those that the settings and DNS name now. One that is asked at the moment stays until
 * its round has ended. */
static void follow_discovery(struct directory *directory)
{
    g_auto(GStrv) uris = discovery_servers(directory->discovery);

    directory->is_behind = lanes_ask_beyond(directory->lanes, uris);
    if (!directory->is_behind)
        take_servers(directory, uris);
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
    lanes_on_lookup(directory->lanes);
    if (failure && directory->listener->on_lookup_failure)
        directory->listener->on_lookup_failure(directory->user, directory->settings->name, uri, failure);
}

/* --- its rounds */

/* Where each server has a lane of its own, none of them looks for others: DNS may name some by now. */
static void look_for_others(struct directory *directory, const struct observation *observation)
{
    if (directory->settings->asks_all && observation->dn_answer == DN_FAILED &&
        observation->is_directory_wide)
        discovery_hurry(directory->discovery);
}

static void on_observation(void *user, struct observation *observation)
{
    struct directory *directory = user;

    look_for_others(directory, observation);
    directory->listener->on_observation(directory->user, directory->settings->name,
                                        survey_round(directory->survey)->id, observation);
}

static void on_end(void *user)
{
    struct directory *directory = user;
    uint64_t id = survey_round(directory->survey)->id;

    g_clear_pointer(&directory->survey, survey_free);
    start_next(directory);
    directory->listener->on_round_end(directory->user, directory->settings->name, id);
}

static void start_next(struct directory *directory)
{
    static const struct errand_listener listener = {on_observation, on_end};
    struct round *round = directory->survey ? NULL : g_queue_pop_head(&directory->rounds);

    /* From the loop: this may be a call of the server that is to go. It comes before the next errand's turn.
     */
    if (!directory->survey && directory->is_behind)
        event_active(directory->catch_up, EV_TIMEOUT, 0);
    if (!round)
        return;
    if (credentials_look(&directory->credentials, directory_config_secret(directory->settings)))
        lanes_forgive(directory->lanes);
    directory->survey = survey_new(directory->base, directory->lanes, round, &listener, directory);
}

struct directory *directory_new(struct event_base *base, const struct directory_config *settings,
                                const char *prober, const struct directory_listener *listener, void *user)
{
    static const struct discovery_listener discovery_listener = {on_lookup};
    struct directory *directory = g_new0(struct directory, 1);

    directory->base = base;
    directory->settings = directory_config_dup(settings);
    directory->prober = g_strdup(prober);
    directory->listener = listener;
    directory->user = user;
    g_queue_init(&directory->rounds);
    directory->discovery = discovery_new(base, directory->settings, prober, &discovery_listener, directory);
    directory->lanes = lanes_new(&(struct lane_means){.base = base,
                                                      .prober = directory->prober,
                                                      .discovery = directory->discovery,
                                                      .credentials = &directory->credentials,
                                                      .settings = directory->settings});
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
    if (directory->survey && survey_round(directory->survey)->id == id) {
        g_clear_pointer(&directory->survey, survey_free);
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
    lanes_forgive(directory->lanes);
}

void directory_reload(struct directory *directory, const struct directory_config *settings)
{
    struct directory_config *old = directory->settings;
    bool is_changed = !directory_config_equal(old, settings);

    directory->settings = directory_config_dup(settings);
    credentials_forgive(&directory->credentials);
    lanes_reload(directory->lanes, directory->settings, is_changed);
    discovery_reload(directory->discovery, directory->settings);
    g_auto(GStrv) uris = discovery_servers(directory->discovery);
    directory->is_behind = false;
    take_servers(directory, uris);
    directory_config_free(old);
}

void directory_free(struct directory *directory)
{
    if (!directory)
        return;
    survey_free(directory->survey);
    event_free(directory->catch_up);
    g_queue_clear_full(&directory->rounds, (GDestroyNotify)round_free);
    lanes_free(directory->lanes);
    discovery_free(directory->discovery);
    credentials_clear(&directory->credentials);
    directory_config_free(directory->settings);
    g_free(directory->prober);
    g_free(directory);
}

unsigned directory_n_servers(const struct directory *directory)
{
    return lanes_n_servers(directory->lanes);
}

struct server_health directory_server(const struct directory *directory, unsigned index)
{
    const struct server *server = lanes_server(directory->lanes, index);
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
    return discovery_n_domains(directory->discovery);
}

struct domain_health directory_domain(const struct directory *directory, unsigned index)
{
    const struct locator *locator = discovery_domain(directory->discovery, index);
    bool is_up = locator_is_settled(locator) && locator_failure(locator)->reason == REASON_NONE;

    return (struct domain_health){.uri = locator_uri(locator), .is_up = is_up};
}

uint64_t directory_restarts(const struct directory *directory)
{
    return lanes_restarts(directory->lanes);
}
