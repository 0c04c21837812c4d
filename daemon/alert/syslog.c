#include "alert/syslog.h"

#include "alert/clip.h"
#include "alert/packet.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SHORTEST_LINE 480 /* what RFC 5424 has every receiver take */

struct syslog {
    struct sockaddr_un address;
    bool is_path_too_long;
    int facility;
    int type; /* SOCK_DGRAM or SOCK_STREAM: as the reader has it */
    int fd;   /* -1: none */
    /* stream: the message of which `offset` bytes are on their way */
    char *partial;
    size_t offset;
};

struct syslog *syslog_new(const char *socket_path, int facility)
{
    struct syslog *syslog = g_new0(struct syslog, 1);
    gsize length;

    syslog->address.sun_family = AF_UNIX;
    length = g_strlcpy(syslog->address.sun_path, socket_path, sizeof syslog->address.sun_path);
    syslog->is_path_too_long = length >= sizeof syslog->address.sun_path;
    syslog->facility = facility;
    syslog->type = SOCK_DGRAM;
    syslog->fd = -1;
    return syslog;
}

static void syslog_disconnect(struct syslog *syslog)
{
    if (syslog->fd >= 0)
        close(syslog->fd);
    syslog->fd = -1;
    g_clear_pointer(&syslog->partial, g_free);
    syslog->offset = 0;
}

void syslog_free(struct syslog *syslog)
{
    if (!syslog)
        return;
    syslog_disconnect(syslog);
    g_free(syslog);
}

static const struct sockaddr *syslog_address(const struct syslog *syslog)
{
    return (const struct sockaddr *)&syslog->address;
}

/* False: errno. A datagram socket stays unconnected: each message finds the reader that is there now, also
 * one that took the place of another. */
static bool syslog_connect(struct syslog *syslog)
{
    if (syslog->fd >= 0)
        return true;
    syslog->fd = socket(AF_UNIX, syslog->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (syslog->fd < 0)
        return false;
    if (syslog->type == SOCK_DGRAM ||
        connect(syslog->fd, syslog_address(syslog), sizeof syslog->address) == 0)
        return true;
    close(syslog->fd);
    syslog->fd = -1;
    return false;
}

static bool syslog_send_datagram(struct syslog *syslog, const char *message)
{
    return sendto(syslog->fd, message, strlen(message), MSG_DONTWAIT | MSG_NOSIGNAL, syslog_address(syslog),
                  sizeof syslog->address) >= 0;
}

/* In a stream a NUL ends a message. What was begun is finished before anything else can be sent. */
static bool syslog_send_stream(struct syslog *syslog, const char *message)
{
    size_t length = strlen(message) + 1;

    if (syslog->partial && strcmp(syslog->partial, message) != 0) {
        errno = ECONNRESET;
        return false;
    }
    while (syslog->offset < length) {
        ssize_t sent =
            send(syslog->fd, message + syslog->offset, length - syslog->offset, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent < 0)
            break;
        syslog->offset += (size_t)sent;
    }
    if (syslog->offset < length) {
        if (!syslog->partial && syslog->offset > 0)
            syslog->partial = g_strdup(message);
        return false;
    }
    g_clear_pointer(&syslog->partial, g_free);
    syslog->offset = 0;
    return true;
}

/* 0, or errno. */
static int syslog_try(struct syslog *syslog, const char *message)
{
    bool is_sent =
        syslog_connect(syslog) && (syslog->type == SOCK_DGRAM ? syslog_send_datagram(syslog, message)
                                                              : syslog_send_stream(syslog, message));
    int problem = is_sent ? 0 : errno;

    if (problem == EAGAIN || problem == ENOBUFS || problem == EMSGSIZE || problem == EINTR)
        return problem;
    if (problem)
        syslog_disconnect(syslog);
    if (problem == EPROTOTYPE)
        syslog->type = syslog->type == SOCK_DGRAM ? SOCK_STREAM : SOCK_DGRAM;
    return problem;
}

/* Tries again at once where that can help: the other socket type, a new connection, a shorter line. */
static int syslog_deliver(struct syslog *syslog, const struct alert *alert, const char *line,
                          char **ret_message)
{
    g_autofree char *text = g_strdup(line);
    int problem = EAGAIN;

    for (int tries = 0; tries < 8; tries++) {
        g_autofree char *message =
            packet_print(syslog->facility, alert->severity, alert->wall_time_ms, (long)getpid(), text);

        problem = syslog_try(syslog, message);
        if (problem == EMSGSIZE && strlen(text) > SHORTEST_LINE) {
            char *shorter = clip_line(text, MAX(strlen(text) / 2, SHORTEST_LINE));

            g_free(text);
            text = shorter;
        } else if (problem != EPROTOTYPE && problem != ECONNRESET && problem != EPIPE && problem != EINTR) {
            if (problem == 0)
                *ret_message = g_steal_pointer(&message);
            break;
        }
    }
    return problem;
}

static enum delivery delivery_of(int problem)
{
    if (problem == 0)
        return DELIVERY_TAKEN;
    return problem == EAGAIN || problem == ENOBUFS ? DELIVERY_FULL : DELIVERY_ABSENT;
}

enum delivery syslog_send(struct syslog *syslog, const struct alert *alert, const char *line,
                          char **ret_message)
{
    return delivery_of(syslog->is_path_too_long ? ENAMETOOLONG
                                                : syslog_deliver(syslog, alert, line, ret_message));
}

enum delivery syslog_send_again(struct syslog *syslog, const char *message)
{
    return delivery_of(syslog_try(syslog, message));
}

bool syslog_is_read(const struct syslog *syslog)
{
    int n_left = 0;

    return syslog->fd < 0 || syslog->type == SOCK_STREAM || ioctl(syslog->fd, SIOCOUTQ, &n_left) < 0 ||
           n_left == 0;
}
