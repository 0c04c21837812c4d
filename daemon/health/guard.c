#include "health/guard.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "health/answer.h"

struct guard {
    struct event_base *base;
    unsigned n_connections;
    bool is_owned; /* false: the last connection frees it */
};

struct connection {
    struct guard *guard;
    struct bufferevent *bev; /* the filter; freed before this is */
    struct event *deadline;
    struct event *wake;     /* there is something to write */
    struct event *writable; /* the socket takes more; NULL until it once was full */
    size_t n_input;
    bool is_welcome;   /* false: one too many, about to be closed */
    bool is_answering; /* the head of the answer has passed */
};

static void guard_release(struct guard *guard)
{
    if (!guard->is_owned && guard->n_connections == 0)
        g_free(guard);
}

/* Whether evhttp still uses it: between its bufferevent_free() and our free_connection() a turn may pass, in
 * which a touch would end it twice. */
static bool connection_is_open(const struct connection *connection)
{
    bufferevent_event_cb on_event = NULL;

    bufferevent_getcb(connection->bev, NULL, NULL, &on_event, NULL);
    return on_event != NULL;
}

/* evhttp takes this for its own time-out and drops the connection, whatever state it is in. What the kernel
 * still holds of an answer goes with it. */
static void on_deadline(evutil_socket_t fd, short what, void *user)
{
    const struct linger at_once = {.l_onoff = 1};
    struct connection *connection = user;

    (void)fd, (void)what;
    if (!connection_is_open(connection))
        return;
    if (connection->is_answering)
        setsockopt(bufferevent_getfd(connection->bev), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    bufferevent_trigger_event(connection->bev, BEV_EVENT_TIMEOUT, 0);
}

static void on_wake(evutil_socket_t fd, short what, void *user)
{
    struct connection *connection = user;

    (void)fd, (void)what;
    if (connection_is_open(connection))
        bufferevent_flush(connection->bev, EV_WRITE, BEV_NORMAL);
}

/* evhttp fills the buffer before it enables writing, which a filter does not notice by itself. */
static void on_output(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *user)
{
    struct connection *connection = user;

    (void)buffer;
    if (info->n_added > 0)
        event_active(connection->wake, EV_WRITE, 0);
}

/* evhttp hands texts on as C strings: a NUL would hide what follows it. As \x01 it is refused where it
 * stands. */
static void show_nul(struct evbuffer *buffer)
{
    size_t length = evbuffer_get_length(buffer);
    unsigned char *bytes = evbuffer_pullup(buffer, -1);

    for (size_t i = 0; bytes && i < length; i++)
        if (bytes[i] == 0)
            bytes[i] = 1;
}

static enum bufferevent_filter_result filter_input(struct evbuffer *from, struct evbuffer *to,
                                                   ev_ssize_t limit, enum bufferevent_flush_mode mode,
                                                   void *user)
{
    struct connection *connection = user;

    (void)limit, (void)mode;
    connection->n_input += evbuffer_get_length(from);
    if (!connection->is_welcome || connection->n_input > GUARD_MAX_INPUT) {
        event_active(connection->deadline, EV_TIMEOUT, 0);
        evbuffer_drain(from, evbuffer_get_length(from));
        return BEV_ERROR;
    }
    show_nul(from);
    return evbuffer_add_buffer(to, from) == 0 ? BEV_OK : BEV_ERROR;
}

/* evhttp's own error pages are HTML without our headers; the status line is all that is kept of them. */
static void replace_foreign_page(struct evbuffer *output)
{
    struct evbuffer_ptr mark = evbuffer_search(output, GUARD_MARK, strlen(GUARD_MARK), NULL);
    char head[16] = "";
    int code;

    if (mark.pos >= 0)
        return;
    evbuffer_copyout(output, head, sizeof head - 1);
    code = strlen(head) > 12 ? (int)g_ascii_strtoll(head + strlen("HTTP/1.1 "), NULL, 10) : 400;
    evbuffer_drain(output, evbuffer_get_length(output));
    answer_write_raw(output, code >= 400 && code <= 599 ? code : 400);
}

/* Writes to the socket itself: evhttp closes as soon as its own buffer is empty, so nothing may leave that
 * buffer before the kernel has it. */
static enum bufferevent_filter_result filter_output(struct evbuffer *from, struct evbuffer *to,
                                                    ev_ssize_t limit, enum bufferevent_flush_mode mode,
                                                    void *user)
{
    struct connection *connection = user;
    evutil_socket_t fd = bufferevent_getfd(connection->bev);

    (void)to, (void)limit, (void)mode;
    if (!connection->is_answering) {
        connection->is_answering = true;
        replace_foreign_page(from);
    }
    if (evbuffer_write(from, fd) < 0 && errno != EAGAIN && errno != EINTR) {
        event_active(connection->deadline, EV_TIMEOUT, 0);
        return BEV_ERROR;
    }
    if (evbuffer_get_length(from) == 0)
        return BEV_OK;
    if (!connection->writable)
        connection->writable = event_new(connection->guard->base, fd, EV_WRITE, on_wake, connection);
    event_add(connection->writable, NULL);
    return BEV_NEED_MORE;
}

static void free_connection(void *user)
{
    struct connection *connection = user;
    struct guard *guard = connection->guard;

    event_free(connection->deadline);
    event_free(connection->wake);
    if (connection->writable)
        event_free(connection->writable);
    g_free(connection);
    guard->n_connections--;
    guard_release(guard);
}

/* evhttp asks for the buffers of a connection it has just accepted. */
static struct bufferevent *on_accept(struct event_base *base, void *user)
{
    struct guard *guard = user;
    struct connection *connection = g_new0(struct connection, 1);
    struct bufferevent *socket = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct timeval limit = {0};

    connection->guard = guard;
    connection->is_welcome = guard->n_connections < GUARD_MAX_CONNECTIONS;
    limit.tv_sec = connection->is_welcome ? GUARD_DEADLINE_MS / 1000 : 0;
    guard->n_connections++;
    bufferevent_setwatermark(socket, EV_READ, 0, GUARD_MAX_INPUT);
    connection->bev = bufferevent_filter_new(socket, filter_input, filter_output, BEV_OPT_CLOSE_ON_FREE,
                                             free_connection, connection);
    connection->deadline = evtimer_new(base, on_deadline, connection);
    connection->wake = event_new(base, -1, 0, on_wake, connection);
    evbuffer_add_cb(bufferevent_get_output(connection->bev), on_output, connection);
    evtimer_add(connection->deadline, &limit);
    return connection->bev;
}

struct guard *guard_new(struct event_base *base)
{
    struct guard *guard = g_new0(struct guard, 1);

    guard->base = base;
    guard->is_owned = true;
    return guard;
}

void guard_attach(struct guard *guard, struct evhttp *http)
{
    evhttp_set_bevcb(http, on_accept, guard);
}

void guard_free(struct guard *guard)
{
    if (!guard)
        return;
    guard->is_owned = false;
    guard_release(guard);
}
