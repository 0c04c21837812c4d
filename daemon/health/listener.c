#include "health/listener.h"

#include <errno.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "health/unix_socket.h"

#define LISTENER_BACKLOG      128
#define LISTENER_OUTPUT_BYTES (256 * 1024) /* that the kernel may hold for each client that does not read */

struct listener {
    char *address;
    struct evhttp *http;
    struct evhttp_bound_socket *bound;
    struct event *incoming; /* somebody connects */
    struct event *resume;
    int reserve; /* a descriptor to give up when there is no other, so that somebody can be turned away */
    struct unix_socket unix_socket;
};

static const char *unix_path(const char *address)
{
    return g_str_has_prefix(address, LISTENER_UNIX) ? address + strlen(LISTENER_UNIX) : NULL;
}

static bool fail(GError **error)
{
    int code = errno;

    g_set_error_literal(error, G_FILE_ERROR, g_file_error_from_errno(code), g_strerror(code));
    return false;
}

static bool tcp_set_options(int fd, int family)
{
    int on = 1;
    int output = LISTENER_OUTPUT_BYTES;

    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &output, sizeof output) == 0 &&
           (family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0);
}

static int tcp_bind(const char *text, GError **error)
{
    struct sockaddr_storage address = {0};
    int length = sizeof address;
    int fd;

    if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&address, &length) != 0) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                            "not an address; write 127.0.0.1:PORT, [::1]:PORT or unix:/PATH");
        return -1;
    }
    fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && tcp_set_options(fd, address.ss_family) &&
        bind(fd, (struct sockaddr *)&address, (socklen_t)length) == 0)
        return fd;
    fail(error);
    if (fd >= 0)
        close(fd);
    return -1;
}

static void rest(struct listener *listener)
{
    struct timeval pause = {.tv_usec = LISTENER_PAUSE_MS * 1000};

    evconnlistener_disable(evhttp_bound_socket_get_listener(listener->bound));
    event_del(listener->incoming);
    evtimer_add(listener->resume, &pause);
}

static void on_resume(evutil_socket_t fd, short what, void *user)
{
    struct listener *listener = user;

    (void)fd, (void)what;
    event_add(listener->incoming, NULL);
    evconnlistener_enable(evhttp_bound_socket_get_listener(listener->bound));
}

/* Gives up the reserve to turn one client away. */
static void turn_away(struct listener *listener, int listening)
{
    int fd;

    close(listener->reserve);
    fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    listener->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Out of descriptors a listening socket stays readable and the loop would spin (libevent issue 71). evhttp
 * takes the listener's user pointer for itself, so its error callback cannot tell whose it is: the check
 * stands beside it, before each accept. */
static void on_incoming(evutil_socket_t listening, short what, void *user)
{
    struct listener *listener = user;
    int fd = fcntl(listening, F_DUPFD_CLOEXEC, 0);

    (void)what;
    if (fd >= 0) {
        close(fd);
        if (listener->reserve < 0)
            listener->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
        return;
    }
    if (listener->reserve >= 0)
        turn_away(listener, listening);
    rest(listener);
}

/* Without one libevent would warn of each failed accept. */
static void on_accept_failed(struct evconnlistener *connections, void *user)
{
    (void)connections, (void)user;
}

static bool serve(struct listener *listener, struct event_base *base, int fd, GError **error)
{
    struct evconnlistener *connections;

    listener->incoming = event_new(base, fd, EV_READ | EV_PERSIST, on_incoming, listener);
    event_add(listener->incoming, NULL);
    connections = evconnlistener_new(base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
                                     LISTENER_BACKLOG, fd);
    if (!connections) { /* listen() failed: another socket got the port between bind and listen */
        errno = EADDRINUSE;
        close(fd);
        return fail(error);
    }
    evconnlistener_set_error_cb(connections, on_accept_failed);
    listener->bound = evhttp_bind_listener(listener->http, connections);
    listener->resume = evtimer_new(base, on_resume, listener);
    listener->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return true;
}

struct listener *listener_new(struct event_base *base, const char *address, mode_t mode, struct evhttp *http,
                              GError **error)
{
    struct listener *listener = g_new0(struct listener, 1);
    const char *path = unix_path(address);
    int fd = path ? unix_socket_bind(path, mode, &listener->unix_socket, error) : tcp_bind(address, error);

    listener->address = g_strdup(address);
    listener->http = http;
    listener->reserve = -1;
    if (fd >= 0 && serve(listener, base, fd, error))
        return listener;
    listener_free(listener);
    return NULL;
}

const char *listener_address(const struct listener *listener)
{
    return listener->address;
}

struct evhttp *listener_http(const struct listener *listener)
{
    return listener->http;
}

void listener_free(struct listener *listener)
{
    if (!listener)
        return;
    if (listener->incoming)
        event_free(listener->incoming);
    if (listener->resume)
        event_free(listener->resume);
    if (listener->bound) {
        if (unix_path(listener->address))
            unix_socket_remove(unix_path(listener->address), &listener->unix_socket);
        evhttp_del_accept_socket(listener->http, listener->bound);
    }
    if (listener->reserve >= 0)
        close(listener->reserve);
    g_free(listener->address);
    g_free(listener);
}
