#include "alert/remote.h"

#include <unistd.h>

#include "alert/clock.h"
#include "alert/courier.h"
#include "alert/message.h"
#include "alert/posts.h"

#define WINDOW      64
#define DEADLINE_MS (5 * 60 * 1000) /* a reader that stalls is waited for; couriers have shorter ones */
#define OWED_MS     5000            /* between two tries to send again what may be lost */
#define FORGET_MS   10000           /* between two looks at what cannot be lost any more */
#define HABIT       3               /* a server that closes so many connections after one message lives on */

struct remote {
    struct event_base *base;
    struct way_listener listener;
    char *uri;
    char *ca_file;
    char *cert_file;
    char *key_file;
    char *hostname;
    struct message_origin origin;
    size_t max_bytes;
    struct courier *courier; /* NULL: none runs */
    struct posts posts;
    int64_t kept_ms;      /* for so long a connection that breaks may have lost what was taken */
    unsigned n_taken;     /* on this connection */
    unsigned n_single;    /* connections in a row that the server closed after one */
    struct event *owed;   /* pending while something is owed and no courier runs */
    struct event *forget; /* pending while something is remembered */
};

static void on_sure(void *user, uint64_t number)
{
    struct remote *remote = user;

    remote->listener.on_sure(remote->listener.user, number);
}

static void remote_forget(struct remote *remote)
{
    posts_forget(&remote->posts, remote->kept_ms, clock_ms());
    if (remote->posts.n_taken > 0 && !evtimer_pending(remote->forget, NULL))
        clock_arm(remote->forget, FORGET_MS);
}

static void on_forget(evutil_socket_t fd, short what, void *user)
{
    (void)fd;
    (void)what;
    remote_forget(user);
}

static void on_taken(void *user, uint64_t number)
{
    struct remote *remote = user;

    remote->n_taken++;
    if (posts_note_taken(&remote->posts, number, clock_ms()))
        remote->listener.on_answer(remote->listener.user, number, DELIVERY_TAKEN, NULL);
    remote_forget(remote);
}

static void remote_break(struct remote *remote, int64_t kept_ms)
{
    g_clear_pointer(&remote->courier, courier_free);
    posts_break(&remote->posts, kept_ms, clock_ms());
    if (posts_first_owed(&remote->posts))
        clock_arm(remote->owed, OWED_MS);
}

/* For how long back a connection that ended so may have lost what was taken. */
static int64_t remote_judge_end(struct remote *remote, enum courier_end how)
{
    if (how == COURIER_CLOSED && remote->n_taken == 1)
        remote->n_single++;
    else if (how != COURIER_FAILED)
        remote->n_single = 0;
    if (how == COURIER_BROKEN)
        return POSTS_KEPT_MS;
    return how == COURIER_CLOSED && remote->n_single < HABIT ? POSTS_CLOSED_MS : 0;
}

/* A connection that ends while nothing waits is nobody's trouble. */
static void on_end(void *user, enum courier_end how, const char *why)
{
    struct remote *remote = user;
    bool is_trouble = posts_has_untaken(&remote->posts);
    g_autofree char *problem = g_strdup(why);

    remote_break(remote, remote_judge_end(remote, how));
    if (is_trouble)
        remote->listener.on_answer(remote->listener.user, WAY_ALL, DELIVERY_ABSENT, problem);
}

/* What may be lost goes first: it is the oldest. */
static bool remote_start(struct remote *remote, GError **error)
{
    static const struct courier_listener listener = {on_taken, NULL, on_end};
    const struct courier_order order = {remote->uri, remote->ca_file, remote->cert_file, remote->key_file};

    remote->courier = courier_start(remote->base, &order, &listener, remote, error);
    if (!remote->courier)
        return false;
    remote->n_taken = 0;
    event_del(remote->owed);
    for (const GList *link = remote->posts.queue.head; link; link = link->next) {
        const struct post *post = link->data;

        if (post->is_owed)
            courier_hand(remote->courier, post->number, post->message);
    }
    return true;
}

static void on_owed(evutil_socket_t fd, short what, void *user)
{
    struct remote *remote = user;

    (void)fd;
    (void)what;
    if (!remote->courier && !remote_start(remote, NULL))
        remote_break(remote, 0);
}

static enum delivery remote_deliver(void *way, const struct letter *letter)
{
    struct remote *remote = way;
    const struct alert *alert = letter->alert;
    g_autoptr(GError) error = NULL;
    char *message;

    if (!remote->courier && !remote_start(remote, &error)) {
        remote->listener.on_answer(remote->listener.user, WAY_ALL, DELIVERY_ABSENT, error->message);
        return DELIVERY_ABSENT;
    }
    message = message_print(&remote->origin, alert, letter->id, remote->max_bytes);
    posts_add(&remote->posts, alert->number, message);
    courier_hand(remote->courier, alert->number, message);
    return DELIVERY_UNDER_WAY;
}

static void remote_abandon(void *way)
{
    struct remote *remote = way;

    if (remote->courier)
        remote_break(remote, POSTS_KEPT_MS);
}

static void remote_trust(void *way)
{
    struct remote *remote = way;

    posts_trust(&remote->posts);
}

static unsigned remote_window(const void *way)
{
    (void)way;
    return WINDOW;
}

static void remote_list(const struct config *config, GPtrArray *names)
{
    for (char **uri = config->syslog_remote; uri && *uri; uri++)
        g_ptr_array_add(names, (void *)g_intern_string(*uri));
}

static char *remote_describe(const struct config *config, const char *name)
{
    return g_strdup_printf("%s %d %u %s %s %s %s", name, config->syslog_facility,
                           config->syslog_enterprise_number, config->syslog_hostname, config->syslog_ca_file,
                           config->syslog_cert_file, config->syslog_key_file);
}

/* As written, or as the kernel has it. */
static char *hostname_of(const struct config *config)
{
    char name[256] = "";

    if (config->syslog_hostname)
        return g_strdup(config->syslog_hostname);
    gethostname(name, sizeof name - 1);
    return g_strdup(name);
}

static void *remote_open(struct event_base *base, const struct config *config, const char *name,
                         const struct way_listener *listener)
{
    struct remote *remote = g_new0(struct remote, 1);
    bool is_udp = g_str_has_prefix(name, "udp:");

    remote->base = base;
    remote->listener = *listener;
    remote->uri = g_strdup(name);
    remote->ca_file = g_strdup(config->syslog_ca_file);
    remote->cert_file = g_strdup(config->syslog_cert_file);
    remote->key_file = g_strdup(config->syslog_key_file);
    remote->hostname = hostname_of(config);
    remote->origin = (struct message_origin){config->syslog_facility, remote->hostname, (long)getpid(),
                                             config->syslog_enterprise_number};
    remote->max_bytes = is_udp ? MESSAGE_MAX_DATAGRAM : MESSAGE_MAX_BYTES;
    remote->kept_ms = is_udp ? 0 : POSTS_KEPT_MS;
    remote->owed = evtimer_new(base, on_owed, remote);
    remote->forget = evtimer_new(base, on_forget, remote);
    posts_init(&remote->posts, on_sure, remote);
    return remote;
}

static void remote_free(void *way)
{
    struct remote *remote = way;

    courier_free(remote->courier);
    event_free(remote->owed);
    event_free(remote->forget);
    posts_clear(&remote->posts);
    g_free(remote->uri);
    g_free(remote->ca_file);
    g_free(remote->cert_file);
    g_free(remote->key_file);
    g_free(remote->hostname);
    g_free(remote);
}

const struct way_kind remote_way = {
    .list = remote_list,
    .describe = remote_describe,
    .open = remote_open,
    .free = remote_free,
    .deliver = remote_deliver,
    .abandon = remote_abandon,
    .window = remote_window,
    .deadline_ms = DEADLINE_MS,
    .trust = remote_trust,
};
