#include "health/site.h"

#include "health/health_json.h"
#include "health/host.h"
#include "health/listener.h"
#include "health/metrics.h"
#include "health/page.h"
#include "health/watch_json.h"

static const struct snapshot_kind *const kinds[SITE_PAGES] = {
    [SITE_WATCHES] = &watch_json_list,
    [SITE_HEALTH] = &health_json_all,
    [SITE_METRICS] = &metrics_prometheus,
    [SITE_OPENMETRICS] = &metrics_openmetrics,
    [SITE_PEOPLE] = &page_all,
};

/* The literal listen addresses and the names the operator allows. */
static GPtrArray *names_new(const struct config *config)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (char **listen = config->listen; listen && *listen; listen++) {
        char *name = g_str_has_prefix(*listen, LISTENER_UNIX) ? NULL : host_part(*listen);

        if (name)
            g_ptr_array_add(names, name);
    }
    for (char **name = config->allow_host; name && *name; name++)
        g_ptr_array_add(names, g_strdup(*name));
    g_ptr_array_add(names, NULL);
    return names;
}

struct site *site_new(struct event_base *base, const struct health_view *view)
{
    struct site *site = g_new0(struct site, 1);

    site->view = *view;
    for (unsigned i = 0; i < SITE_PAGES; i++)
        site->pages[i] = snapshot_new(base, &site->view, kinds[i]);
    site->history = history_new(base, &site->view);
    return site;
}

void site_reload(struct site *site, const struct config *config)
{
    g_clear_pointer(&site->names, g_ptr_array_unref);
    site->names = names_new(config);
    for (unsigned i = 0; i < SITE_PAGES; i++)
        snapshot_restart(site->pages[i]);
}

void site_free(struct site *site)
{
    if (!site)
        return;
    for (unsigned i = 0; i < SITE_PAGES; i++)
        snapshot_free(site->pages[i]);
    history_free(site->history);
    g_clear_pointer(&site->names, g_ptr_array_unref);
    g_free(site);
}
