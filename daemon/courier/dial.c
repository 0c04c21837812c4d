#include "courier/dial.h"

#include <errno.h>
#include <glib-unix.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define MAX_ADDRESSES 16     /* of one host that are tried */
#define LOST_MS       30000u /* without an acknowledgement the peer is gone */

static void set_patience(int fd, int type, int timeout_s)
{
    const struct timeval timeout = {.tv_sec = timeout_s};
    const unsigned lost_ms = LOST_MS;
    const int on = 1, idle_s = 30, interval_s = 10, count = 3;

    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (type != SOCK_STREAM)
        return;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &lost_ms, sizeof lost_ms);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Linux ends a connect() at SO_SNDTIMEO as well, with EINPROGRESS. A reader that stalls later is waited for.
 */
static int connect_to(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0);
    int problem;

    if (fd < 0)
        return -1;
    set_patience(fd, address->ai_socktype, DIAL_TIMEOUT_S);
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) {
        set_patience(fd, address->ai_socktype, 0);
        return fd;
    }
    problem = errno == EINPROGRESS ? ETIMEDOUT : errno;
    close(fd);
    errno = problem;
    return -1;
}

int dial(const char *host, const char *port, int type, GError **error)
{
    /* Without AI_ADDRCONFIG, which needs a netlink socket that a sandbox forbids. */
    struct addrinfo hints = {.ai_socktype = type, .ai_flags = AI_NUMERICSERV}, *addresses = NULL;
    int problem = getaddrinfo(host, port, &hints, &addresses);
    int fd = -1, n_tried = 0;

    if (problem) {
        g_set_error(error, G_UNIX_ERROR, 0, "the name %s cannot be resolved: %s", host,
                    problem == EAI_SYSTEM ? g_strerror(errno) : gai_strerror(problem));
        return -1;
    }
    for (const struct addrinfo *a = addresses; a && fd < 0 && n_tried < MAX_ADDRESSES;
         a = a->ai_next, n_tried++)
        fd = connect_to(a);
    if (fd < 0)
        g_set_error(error, G_UNIX_ERROR, errno, "%s port %s cannot be reached: %s", host, port,
                    g_strerror(errno));
    freeaddrinfo(addresses);
    return fd;
}
