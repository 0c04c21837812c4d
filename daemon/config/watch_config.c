/* The settings of one watch, shared between configurations. */
#include "config/config.h"

static void watch_config_clear(void *box)
{
    struct watch_config *watch = box;

    g_free(watch->name);
    g_free(watch->directory);
    g_free(watch->dn);
    g_free(watch->dn_from);
    g_free(watch->family);
    failure_clear(&watch->untold);
    g_free(watch->compare);
    g_free(watch->find);
    g_free(watch->identity);
    g_free(watch->object_class);
    g_free(watch->entry_filter);
    g_free(watch->consumer);
    g_free(watch->fix);
}

struct watch_config *watch_config_new(void)
{
    return g_rc_box_new0(struct watch_config);
}

struct watch_config *watch_config_ref(const struct watch_config *config)
{
    return g_rc_box_acquire((struct watch_config *)config);
}

void watch_config_unref(struct watch_config *config)
{
    if (config)
        g_rc_box_release_full(config, watch_config_clear);
}

struct watch_config *watch_config_derive(const struct watch_config *section, const char *name, const char *dn,
                                         const struct failure *untold)
{
    struct watch_config *watch = watch_config_new();

    *watch = *section;
    watch->name = g_strdup(name);
    watch->directory = g_strdup(section->directory);
    watch->dn = g_strdup(dn);
    watch->dn_from = g_strdup(section->dn_from);
    watch->family = g_strdup(section->name);
    watch->untold = (struct failure){0};
    failure_copy(untold, &watch->untold);
    watch->compare = g_strdup(section->compare);
    watch->find = g_strdup(section->find);
    watch->identity = g_strdup(section->identity);
    watch->object_class = g_strdup(section->object_class);
    watch->entry_filter = g_strdup(section->entry_filter);
    watch->consumer = g_strdup(section->consumer);
    watch->fix = g_strdup(section->fix);
    return watch;
}
