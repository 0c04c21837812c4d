#include "courier/link.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier/dial.h"
#include "courier/tls.h"

#define SETTLE_MS 200 /* a server that wants no more closes at once */
#define ICMP_MS   50  /* so soon a datagram that nobody wants is refused */

struct link {
    int fd;
    bool is_stream;
    struct tls *tls; /* NULL: none */
};

G_DEFINE_QUARK(dndrift - link - error, link_error)

static bool fail(GError **error, enum link_error how, const char *what, int problem)
{
    g_set_error(error, LINK_ERROR, how, "%s: %s", what, g_strerror(problem));
    return false;
}

/* The same sentence as an error of ours. */
static bool fail_as(GError **error, enum link_error how, GError *cause)
{
    g_set_error_literal(error, LINK_ERROR, how, cause->message);
    g_error_free(cause);
    return false;
}

bool link_is_calm(const struct link *link)
{
    struct pollfd wait = {.fd = link->fd, .events = POLLIN};

    return !link->is_stream || poll(&wait, 1, SETTLE_MS) <= 0;
}

/* Nobody has anything to say to us first. */
static bool link_settle(struct link *link, GError **error)
{
    g_autoptr(GError) end = NULL;

    if (link_is_calm(link) || link_listen(link, &end))
        return true;
    g_set_error(error, LINK_ERROR, LINK_ERROR_FAILED, "it was accepted and ended at once: %s", end->message);
    return false;
}

struct link *link_open(const struct link_order *order, GError **error)
{
    g_autoptr(link_t) link = g_new0(struct link, 1);
    GError *cause = NULL;

    link->is_stream = strcmp(order->scheme, "udp") != 0;
    link->fd = dial(order->host, order->port, link->is_stream ? SOCK_STREAM : SOCK_DGRAM, &cause);
    if (link->fd >= 0 && strcmp(order->scheme, "tls") == 0)
        link->tls =
            tls_open(link->fd, order->host, order->ca_file, order->cert_file, order->key_file, &cause);
    if (cause)
        fail_as(error, LINK_ERROR_FAILED, cause);
    else if (link_settle(link, error))
        return g_steal_pointer(&link);
    return NULL;
}

void link_free(struct link *link)
{
    if (!link)
        return;
    tls_free(link->tls);
    if (link->fd >= 0)
        close(link->fd);
    g_free(link);
}

int link_fd(const struct link *link)
{
    return link->fd;
}

static bool link_fail(const struct link *link, int problem, GError **error)
{
    return link->is_stream ? fail(error, LINK_ERROR_BROKEN, "the connection broke", problem)
                           : fail(error, LINK_ERROR_FAILED, "the datagram was refused", problem);
}

static bool link_write(const struct link *link, const char *bytes, size_t length, GError **error)
{
    while (length > 0) {
        ssize_t n = send(link->fd, bytes, length, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR)
            return link_fail(link, errno, error);
        bytes += MAX(n, 0);
        length -= (size_t)MAX(n, 0);
    }
    return true;
}

/* The count goes out with what is counted: one record of TLS, one segment. */
bool link_send(struct link *link, const char *bytes, size_t length, GError **error)
{
    g_autoptr(GString) counted = g_string_new(NULL);
    GError *cause = NULL;

    if (!link->is_stream)
        return link_write(link, bytes, length, error);
    g_string_printf(counted, "%zu ", length);
    g_string_append_len(counted, bytes, (gssize)length);
    if (!link->tls)
        return link_write(link, counted->str, counted->len, error);
    return tls_send(link->tls, counted->str, counted->len, &cause) ||
           fail_as(error, LINK_ERROR_BROKEN, cause);
}

bool link_is_acknowledged(const struct link *link)
{
    struct pollfd wait = {.fd = link->fd, .events = 0};
    int n_left = 0;

    if (!link->is_stream)
        return poll(&wait, 1, ICMP_MS) == 0;
    return ioctl(link->fd, SIOCOUTQ, &n_left) == 0 && n_left == 0;
}

static bool link_listen_plain(const struct link *link, GError **error)
{
    char unwanted[1024];
    ssize_t n = recv(link->fd, unwanted, sizeof unwanted, MSG_DONTWAIT);

    if (n > 0 || (n == 0 && !link->is_stream) || (n < 0 && (errno == EAGAIN || errno == EINTR)))
        return true;
    if (n == 0) {
        g_set_error_literal(error, LINK_ERROR, LINK_ERROR_CLOSED, "the server closed the connection");
        return false;
    }
    return link_fail(link, errno, error);
}

bool link_listen(struct link *link, GError **error)
{
    GError *cause = NULL;
    bool is_clean = false;

    if (!link->tls)
        return link_listen_plain(link, error);
    return tls_listen(link->tls, &is_clean, &cause) ||
           fail_as(error, is_clean ? LINK_ERROR_CLOSED : LINK_ERROR_BROKEN, cause);
}
