#include "readout.h"

#include "config/family.h"
#include "derivation.h"

static GPtrArray *pick_sections(const struct config *written, const char *only)
{
    GPtrArray *sections = g_ptr_array_new_with_free_func((GDestroyNotify)watch_config_unref);

    for (unsigned i = 0; i < written->watches->len; i++) {
        const struct watch_config *section = written->watches->pdata[i];
        if (!only || family_has(section->name, only))
            g_ptr_array_add(sections, watch_config_ref(section));
    }
    return sections;
}

static bool is_read(const struct config *sections, const struct lookout *lookout)
{
    for (unsigned i = 0; i < sections->watches->len; i++) {
        const struct watch_config *section = sections->watches->pdata[i];
        if (section->dn_from && !lookout_values(lookout, section->name) &&
            !lookout_failure(lookout, section->name)->text)
            return false;
    }
    return true;
}

/* It is seen when the loop comes back. */
static void on_change(void *user)
{
    (void)user;
}

struct config *readout_of(struct event_base *base, const struct config *written, const char *only)
{
    g_autoptr(config_t) sections = config_derive(written, pick_sections(written, only));
    struct lookout *lookout = lookout_new(base, on_change, NULL);
    struct config *config;

    lookout_follow(lookout, sections);
    while (!is_read(sections, lookout))
        event_base_loop(base, EVLOOP_ONCE);
    config = derivation_of(sections, lookout);
    lookout_free(lookout);
    return config;
}
