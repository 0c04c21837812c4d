#include "alert/local.h"

#include "alert/clock.h"
#include "alert/log_reader.h"
#include "alert/posts.h"
#include "alert/record.h"
#include "alert/syslog.h"

#define LOOK_MIN_MS 2 /* between two looks whether all was read, */
#define LOOK_MAX_MS 500
#define UNKEPT_MS   2000 /* so lately read, a reader that dies may not have kept it */

struct local {
    struct way_listener listener;
    char *path;
    struct syslog *syslog;
    struct log_reader reader; /* of what is in posts */
    struct posts posts;
    struct event *look; /* pending while posts are remembered */
    int64_t look_ms;
};

static void local_look_later(struct local *local, int64_t wait_ms)
{
    local->look_ms = wait_ms;
    clock_arm(local->look, wait_ms);
}

/* What another reader than this one took, and may have lost, is owed to this one. */
static void local_find_reader(struct local *local)
{
    struct log_reader reader = log_reader_at(local->path);

    if (!log_reader_is_same(&reader, &local->reader))
        posts_break(&local->posts, INT64_MAX, clock_ms());
    local->reader = reader;
}

/* The kernel has nothing left of what a reader took that is still there. */
static void local_note_read(struct local *local)
{
    if (!syslog_is_read(local->syslog) || !log_reader_is_alive(local->path))
        return;
    local_find_reader(local);
    posts_trust(&local->posts);
    posts_forget(&local->posts, UNKEPT_MS, clock_ms());
}

/* What is owed goes first: it is the oldest. */
static enum delivery local_pay(struct local *local)
{
    const struct post *owed;
    enum delivery delivery;

    while ((owed = posts_first_owed(&local->posts))) {
        delivery = syslog_send_again(local->syslog, owed->message);
        if (delivery != DELIVERY_TAKEN)
            return delivery;
        posts_note_taken(&local->posts, owed->number, clock_ms());
    }
    return DELIVERY_TAKEN;
}

static void on_look(evutil_socket_t fd, short what, void *user)
{
    struct local *local = user;

    (void)fd;
    (void)what;
    local_find_reader(local);
    local_pay(local);
    local_note_read(local);
    if (local->posts.n_taken > 0)
        local_look_later(local, MIN(local->look_ms * 2, LOOK_MAX_MS));
}

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

static void on_sure(void *user, uint64_t number)
{
    struct local *local = user;

    local->listener.on_sure(local->listener.user, number);
}

static void *local_open(struct event_base *base, const struct config *config, const char *name,
                        const struct way_listener *listener)
{
    struct local *local = g_new0(struct local, 1);

    (void)name;
    local->listener = *listener;
    local->path = g_strdup(config->syslog_socket);
    local->syslog = syslog_new(config->syslog_socket, config->syslog_facility);
    local->look = evtimer_new(base, on_look, local);
    posts_init(&local->posts, on_sure, local);
    return local;
}

static void local_free(void *way)
{
    struct local *local = way;

    syslog_free(local->syslog);
    posts_clear(&local->posts);
    event_free(local->look);
    g_free(local->path);
    g_free(local);
}

static enum delivery local_deliver(void *way, const struct letter *letter)
{
    struct local *local = way;
    g_autofree char *line = record_format(letter->alert, letter->id);
    enum delivery delivery;
    char *message;

    local_find_reader(local);
    delivery = local_pay(local);
    if (delivery == DELIVERY_TAKEN)
        delivery = syslog_send(local->syslog, letter->alert, line, &message);
    if (delivery != DELIVERY_TAKEN)
        return delivery;
    posts_add(&local->posts, letter->alert->number, message);
    posts_note_taken(&local->posts, letter->alert->number, clock_ms());
    local_look_later(local, LOOK_MIN_MS);
    return DELIVERY_TAKEN;
}

static void local_abandon(void *way)
{
    (void)way;
}

static void local_trust(void *way)
{
    struct local *local = way;

    posts_trust(&local->posts);
}

const struct way_kind local_way = {
    .list = local_list,
    .describe = local_describe,
    .open = local_open,
    .free = local_free,
    .deliver = local_deliver,
    .abandon = local_abandon,
    .trust = local_trust,
};
