#include "prober/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "prober/deadline.h"
#include "prober/result.h"

#define MAX_ADDRESSES 16 /* of one host that are tried */

/* The outcome of a connect() under way: 0 or an errno. */
static int await_connect(int fd, int64_t deadline_ms)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int problem = 0, n;
    socklen_t size = sizeof problem;

    do
        n = poll(&wait, 1, (int)deadline_left_ms(deadline_ms));
    while (n < 0 && errno == EINTR);
    if (n == 0)
        return ETIMEDOUT;
    if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size) < 0)
        return errno;
    return problem;
}

/* A dead peer must be noticed between rounds, and no read or write last for ever. */
static void set_patience(int fd, int family, int64_t timeout_ms)
{
    struct timeval timeout = {.tv_sec = timeout_ms / 1000, .tv_usec = (timeout_ms % 1000) * 1000};
    unsigned user_timeout_ms = (unsigned)timeout_ms;
    int on = 1;

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (family == AF_UNIX)
        return;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
}

/* A connected socket, or -1 and errno. */
static int connect_to(const struct sockaddr *address, socklen_t size, int64_t timeout_ms, int64_t deadline_ms)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    int problem = connect(fd, address, size) < 0 ? errno : 0;
    if (problem == EINPROGRESS)
        problem = await_connect(fd, deadline_ms);
    if (problem) {
        close(fd);
        errno = problem;
        return -1;
    }
    set_patience(fd, address->sa_family, timeout_ms);
    return fd;
}

static void fail_connect(struct failure *failure, int problem)
{
    failure_set(failure, PHASE_CONNECT, problem == ETIMEDOUT ? REASON_TIMEOUT : REASON_CONNECT, problem, "%s",
                g_strerror(problem));
}

static int dial_unix(const char *path, int64_t timeout_ms, int64_t deadline_ms, struct failure *ret_failure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (!path || !*path || strlen(path) >= sizeof address.sun_path) {
        failure_set(ret_failure, PHASE_CONNECT, REASON_CONNECT, 0, "ldapi:// needs the path of a socket");
        return -1;
    }
    strcpy(address.sun_path, path);
    int fd = connect_to((struct sockaddr *)&address, sizeof address, timeout_ms, deadline_ms);
    if (fd < 0)
        fail_connect(ret_failure, errno);
    return fd;
}

/* The addresses of the host; NULL and the failure. Blocking: the daemon holds the deadline. */
static struct addrinfo *resolve(const LDAPURLDesc *url, struct failure *ret_failure)
{
    /* Without AI_ADDRCONFIG, which needs a netlink socket that a sandbox forbids. */
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *addresses = NULL;
    g_autofree char *port = g_strdup_printf("%d", url->lud_port);

    int problem = getaddrinfo(url->lud_host, port, &hints, &addresses);
    if (problem)
        failure_set(ret_failure, PHASE_DNS, REASON_DNS, 0, "the name %s cannot be resolved: %s",
                    url->lud_host, problem == EAI_SYSTEM ? g_strerror(errno) : gai_strerror(problem));
    return problem ? NULL : addresses;
}

/* Each address gets its share of the time that is left. */
static int dial_addresses(const struct addrinfo *addresses, int64_t timeout_ms, int64_t deadline_ms)
{
    int n_left = 0, fd = -1;

    for (const struct addrinfo *a = addresses; a && n_left < MAX_ADDRESSES; a = a->ai_next)
        n_left++;
    for (const struct addrinfo *a = addresses; fd < 0 && n_left > 0; a = a->ai_next, n_left--) {
        int64_t share_ms = deadline_left_ms(deadline_ms) / n_left;
        fd = connect_to(a->ai_addr, a->ai_addrlen, timeout_ms, g_get_monotonic_time() / 1000 + share_ms);
    }
    return fd;
}

static int dial_host(const LDAPURLDesc *url, int64_t timeout_ms, int64_t deadline_ms, struct parent *parent,
                     struct failure *ret_failure)
{
    parent_tell_phase(parent, PHASE_DNS);
    struct addrinfo *addresses = resolve(url, ret_failure);
    if (!addresses)
        return -1;
    parent_tell_phase(parent, PHASE_CONNECT);
    int fd = dial_addresses(addresses, timeout_ms, deadline_ms);
    if (fd < 0)
        fail_connect(ret_failure, errno);
    freeaddrinfo(addresses);
    return fd;
}

int dial(const LDAPURLDesc *url, int64_t timeout_ms, int64_t deadline_ms, struct parent *parent,
         struct failure *ret_failure)
{
    if (strcmp(url->lud_scheme, "ldapi") != 0)
        return dial_host(url, timeout_ms, deadline_ms, parent, ret_failure);
    parent_tell_phase(parent, PHASE_CONNECT);
    return dial_unix(url->lud_host, timeout_ms, deadline_ms, ret_failure);
}
