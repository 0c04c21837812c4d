#include "alert/local.h"

#include "alert/record.h"
#include "alert/syslog.h"

static void local_list(const struct config *config, GPtrArray *names)
{
    (void)config;
    g_ptr_array_add(names, (void *)g_intern_static_string("syslog"));
}

static char *local_describe(const struct config *config, const char *name)
{
    (void)name;
    return g_strdup_printf("%d %s", config->syslog_facility, config->syslog_socket);
}

static void *local_open(struct event_base *base, const struct config *config, const char *name,
                        const struct way_listener *listener)
{
    (void)base;
    (void)name;
    (void)listener;
    return syslog_new(config->syslog_socket, config->syslog_facility);
}

static void local_free(void *way)
{
    syslog_free(way);
}

static enum delivery local_deliver(void *way, const struct letter *letter)
{
    g_autofree char *line = record_format(letter->alert, letter->id);

    return syslog_send(way, letter->alert, line);
}

static void local_abandon(void *way)
{
    (void)way;
}

const struct way_kind local_way = {
    .list = local_list,
    .describe = local_describe,
    .open = local_open,
    .free = local_free,
    .deliver = local_deliver,
    .abandon = local_abandon,
};
