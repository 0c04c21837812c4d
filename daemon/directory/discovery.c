#include "directory/discovery.h"

#include <string.h>

#include "directory/srv.h"

struct discovery {
    struct locator_means means;
    char *prober;
    const struct discovery_listener *listener;
    void *user;
    GPtrArray *locators; /* of struct locator, one a domain, in the order of the words */
};

static struct locator *locator_at(const struct discovery *discovery, unsigned index)
{
    return discovery->locators->pdata[index];
}

static bool is_domain(const char *word)
{
    return g_str_has_prefix(word, WIRE_DOMAIN_PREFIX);
}

static void on_outcome(void *user, struct locator *locator)
{
    struct discovery *discovery = user;
    const struct failure *failure = locator_failure(locator);

    discovery->listener->on_outcome(discovery->user, locator_uri(locator),
                                    failure->reason == REASON_NONE ? NULL : failure);
}

/* Takes the locator of that domain out of the old list; NULL: it is a new one. */
static struct locator *locator_steal(GPtrArray *locators, const char *word)
{
    for (unsigned i = 0; i < locators->len; i++)
        if (locators->pdata[i] && strcmp(locator_uri(locators->pdata[i]), word) == 0)
            return g_steal_pointer(&locators->pdata[i]);
    return NULL;
}

static void follow(struct discovery *discovery)
{
    static const struct locator_listener listener = {on_outcome};
    const struct directory_config *settings = discovery->means.settings;
    g_autoptr(GPtrArray) old = g_steal_pointer(&discovery->locators);

    discovery->locators = g_ptr_array_new_with_free_func((GDestroyNotify)locator_free);
    for (char **word = settings->uris; *word; word++) {
        if (!is_domain(*word))
            continue;
        struct locator *locator = locator_steal(old, *word);
        if (locator)
            locator_reload(locator, settings);
        else
            locator = locator_new(&discovery->means, *word, &listener, discovery);
        g_ptr_array_add(discovery->locators, locator);
    }
}

struct discovery *discovery_new(struct event_base *base, const struct directory_config *settings,
                                const char *prober, const struct discovery_listener *listener, void *user)
{
    struct discovery *discovery = g_new0(struct discovery, 1);

    discovery->prober = g_strdup(prober);
    discovery->means = (struct locator_means){base, settings, discovery->prober, LOCATOR_PERIOD_MS};
    discovery->listener = listener;
    discovery->user = user;
    discovery->locators = g_ptr_array_new_with_free_func((GDestroyNotify)locator_free);
    follow(discovery);
    return discovery;
}

void discovery_free(struct discovery *discovery)
{
    if (!discovery)
        return;
    g_ptr_array_unref(discovery->locators);
    g_free(discovery->prober);
    g_free(discovery);
}

void discovery_reload(struct discovery *discovery, const struct directory_config *settings)
{
    discovery->means.settings = settings;
    follow(discovery);
}

/* --- the list */

static bool contains(const GPtrArray *uris, const char *uri)
{
    for (unsigned i = 0; i < uris->len; i++)
        if (g_ascii_strcasecmp(uris->pdata[i], uri) == 0)
            return true;
    return false;
}

/* *room: how many servers of domains the list still takes. */
static void add_named(GPtrArray *uris, const struct locator *locator, unsigned *room)
{
    const GPtrArray *servers = locator_servers(locator);

    for (unsigned i = 0; servers && i<servers->len && * room> 0; i++) {
        g_autofree char *uri = srv_uri(servers->pdata[i]);
        if (contains(uris, uri))
            continue;
        g_ptr_array_add(uris, g_steal_pointer(&uri));
        (*room)--;
    }
}

static unsigned room_for_domains(const struct discovery *discovery)
{
    unsigned n_words = g_strv_length(discovery->means.settings->uris);
    unsigned n_servers = n_words - discovery->locators->len;

    return DISCOVERY_MAX_SERVERS - MIN(n_servers, DISCOVERY_MAX_SERVERS);
}

char **discovery_servers(const struct discovery *discovery)
{
    GPtrArray *uris = g_ptr_array_new_with_free_func(g_free);
    unsigned room = room_for_domains(discovery), n_domains = 0;

    for (char **word = discovery->means.settings->uris; *word; word++)
        if (is_domain(*word))
            add_named(uris, locator_at(discovery, n_domains++), &room);
        else if (!contains(uris, *word))
            g_ptr_array_add(uris, g_strdup(*word));
    g_ptr_array_add(uris, NULL);
    return (char **)g_ptr_array_free(uris, FALSE);
}

/* --- all domains together */

bool discovery_is_settled(const struct discovery *discovery)
{
    for (unsigned i = 0; i < discovery->locators->len; i++)
        if (!locator_is_settled(locator_at(discovery, i)))
            return false;
    return true;
}

bool discovery_hurry(struct discovery *discovery)
{
    bool is_looking = false;

    for (unsigned i = 0; i < discovery->locators->len; i++)
        is_looking |= locator_hurry(locator_at(discovery, i));
    return is_looking;
}

bool discovery_is_looking(const struct discovery *discovery)
{
    for (unsigned i = 0; i < discovery->locators->len; i++)
        if (locator_is_looking(locator_at(discovery, i)))
            return true;
    return false;
}

int64_t discovery_next_ms(const struct discovery *discovery)
{
    int64_t next_ms = INT64_MAX;

    for (unsigned i = 0; i < discovery->locators->len; i++)
        next_ms = MIN(next_ms, locator_next_ms(locator_at(discovery, i)));
    return next_ms;
}

unsigned discovery_n_domains(const struct discovery *discovery)
{
    return discovery->locators->len;
}

const struct locator *discovery_domain(const struct discovery *discovery, unsigned index)
{
    return locator_at(discovery, index);
}

const struct locator *discovery_first_failed(const struct discovery *discovery)
{
    for (unsigned i = 0; i < discovery->locators->len; i++)
        if (locator_failure(locator_at(discovery, i))->reason != REASON_NONE)
            return locator_at(discovery, i);
    return NULL;
}
