#include "directory/directory.h"

#include "directory/survey.h"

struct directory {
    struct event_base *base;
    struct directory_config *settings;
    const struct directory_listener *listener;
    void *user;
    struct credentials credentials;
    struct lanes *lanes;
    GQueue rounds;         /* of struct round; the engine has one a time and interval under way */
    struct survey *survey; /* the round that runs */
};

static void start_next(struct directory *directory);

static void on_observation(void *user, struct observation *observation)
{
    struct directory *directory = user;

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

    if (!round)
        return;
    if (credentials_look(&directory->credentials, directory->settings->password_file))
        lanes_forgive(directory->lanes);
    directory->survey = survey_new(directory->base, directory->lanes, round, &listener, directory);
}

struct directory *directory_new(struct event_base *base, const struct directory_config *settings,
                                const char *prober, const struct directory_listener *listener, void *user)
{
    struct directory *directory = g_new0(struct directory, 1);

    directory->base = base;
    directory->settings = directory_config_dup(settings);
    directory->listener = listener;
    directory->user = user;
    g_queue_init(&directory->rounds);
    directory->lanes = lanes_new(base, prober, &directory->credentials);
    g_ptr_array_unref(lanes_follow(directory->lanes, directory->settings, directory->settings->uris, false));
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
    GPtrArray *gone =
        lanes_follow(directory->lanes, directory->settings, directory->settings->uris, is_changed);
    if (directory->survey)
        survey_follow(directory->survey, directory->lanes);
    g_ptr_array_unref(gone);
    directory_config_free(old);
}

void directory_free(struct directory *directory)
{
    if (!directory)
        return;
    survey_free(directory->survey);
    g_queue_clear_full(&directory->rounds, (GDestroyNotify)round_free);
    lanes_free(directory->lanes);
    credentials_clear(&directory->credentials);
    directory_config_free(directory->settings);
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

    return (struct server_health){
        .server = server_uri(server), .is_up = standing->is_up, .is_asked = standing->is_asked};
}

uint64_t directory_restarts(const struct directory *directory)
{
    return lanes_restarts(directory->lanes);
}
