#include "directory/lanes.h"

struct lanes {
    struct lane_means means;
    GPtrArray *list;        /* of struct lane */
    uint64_t past_restarts; /* of lanes that are gone */
};

static GPtrArray *list_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)lane_free);
}

struct lanes *lanes_new(const struct lane_means *means)
{
    struct lanes *lanes = g_new0(struct lanes, 1);

    lanes->means = *means;
    lanes->list = list_new();
    return lanes;
}

void lanes_free(struct lanes *lanes)
{
    if (!lanes)
        return;
    g_ptr_array_unref(lanes->list);
    g_free(lanes);
}

/* Takes the lane for that one server (NULL: for all) out of the list; NULL: there is none. */
static struct lane *steal_lane(GPtrArray *list, const char *only)
{
    for (unsigned i = 0; i < list->len; i++)
        if (g_strcmp0(lane_only(list->pdata[i]), only) == 0)
            return g_ptr_array_steal_index(list, i);
    return NULL;
}

GPtrArray *lanes_follow(struct lanes *lanes, char **uris)
{
    GPtrArray *old = g_steal_pointer(&lanes->list);
    bool is_one_each = lanes->means.settings->asks_all && *uris;
    unsigned n = is_one_each ? g_strv_length(uris) : 1;

    lanes->list = list_new();
    for (unsigned i = 0; i < n; i++) {
        const char *only = is_one_each ? uris[i] : NULL;
        struct lane *lane = steal_lane(old, only);
        if (!lane)
            lane = lane_new(&lanes->means, only);
        lane_follow(lane, uris);
        g_ptr_array_add(lanes->list, lane);
    }
    for (unsigned i = 0; i < old->len; i++)
        lanes->past_restarts += fleet_restarts(lane_fleet(old->pdata[i]));
    return old;
}

void lanes_reload(struct lanes *lanes, const struct directory_config *settings, bool is_changed)
{
    lanes->means.settings = settings;
    for (unsigned i = 0; i < lanes->list->len; i++)
        lane_reload(lanes->list->pdata[i], settings, is_changed);
}

bool lanes_ask_beyond(const struct lanes *lanes, char **uris)
{
    for (unsigned i = 0; i < lanes->list->len; i++) {
        const char *asked = lane_asked(lanes->list->pdata[i]);
        if (asked && !g_strv_contains((const char *const *)uris, asked))
            return true;
    }
    return false;
}

void lanes_on_lookup(struct lanes *lanes)
{
    for (unsigned i = 0; i < lanes->list->len; i++)
        lane_on_lookup(lanes->list->pdata[i]);
}

void lanes_forgive(struct lanes *lanes)
{
    for (unsigned i = 0; i < lanes->list->len; i++)
        lane_forgive(lanes->list->pdata[i]);
}

unsigned lanes_n(const struct lanes *lanes)
{
    return lanes->list->len;
}

struct lane *lanes_at(const struct lanes *lanes, unsigned index)
{
    return lanes->list->pdata[index];
}

bool lanes_find(const struct lanes *lanes, const struct lane *lane, unsigned *ret_index)
{
    return g_ptr_array_find(lanes->list, lane, ret_index);
}

unsigned lanes_n_servers(const struct lanes *lanes)
{
    unsigned n = 0;

    for (unsigned i = 0; i < lanes->list->len; i++)
        n += fleet_n_servers(lane_fleet(lanes->list->pdata[i]));
    return n;
}

const struct server *lanes_server(const struct lanes *lanes, unsigned index)
{
    for (unsigned i = 0; i < lanes->list->len; i++) {
        const struct fleet *fleet = lane_fleet(lanes->list->pdata[i]);
        if (index < fleet_n_servers(fleet))
            return fleet_server(fleet, index);
        index -= fleet_n_servers(fleet);
    }
    g_assert_not_reached();
}

uint64_t lanes_restarts(const struct lanes *lanes)
{
    uint64_t restarts = lanes->past_restarts;

    for (unsigned i = 0; i < lanes->list->len; i++)
        restarts += fleet_restarts(lane_fleet(lanes->list->pdata[i]));
    return restarts;
}
