#include "log_socket.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LONGEST 300000

void log_socket_init(struct log_socket *log, int type)
{
    log->folder = g_dir_make_tmp("dndrift-log-XXXXXX", NULL);
    log->path = g_build_filename(log->folder, "log", NULL);
    log->type = type;
    log->fd = -1;
    log->stream_fd = -1;
}

void log_socket_bind(struct log_socket *log)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    g_unlink(log->path);
    g_strlcpy(address.sun_path, log->path, sizeof address.sun_path);
    log->fd = socket(AF_UNIX, log->type | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(log->fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    if (log->type == SOCK_STREAM)
        g_assert_cmpint(listen(log->fd, 5), ==, 0);
}

void log_socket_close(struct log_socket *log)
{
    if (log->fd >= 0)
        close(log->fd);
    if (log->stream_fd >= 0)
        close(log->stream_fd);
    log->fd = -1;
    log->stream_fd = -1;
}

void log_socket_clear(struct log_socket *log)
{
    log_socket_close(log);
    g_unlink(log->path);
    g_rmdir(log->folder);
    g_free(log->path);
    g_free(log->folder);
}

static bool is_readable(int fd, int wait_ms)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};

    return poll(&waiting, 1, wait_ms) == 1;
}

/* In a stream a NUL ends a message. */
static char *read_stream(struct log_socket *log, int wait_ms)
{
    GString *message = g_string_new(NULL);
    char byte;

    if (log->stream_fd < 0 && is_readable(log->fd, wait_ms))
        log->stream_fd = accept(log->fd, NULL, NULL);
    while (log->stream_fd >= 0 && is_readable(log->stream_fd, wait_ms) &&
           read(log->stream_fd, &byte, 1) == 1) {
        if (byte == '\0')
            return g_string_free(message, FALSE);
        g_string_append_c(message, byte);
    }
    g_string_free(message, TRUE);
    return NULL;
}

char *log_socket_read(struct log_socket *log, int wait_ms)
{
    g_autofree char *buffer = NULL;
    ssize_t length;

    if (log->type == SOCK_STREAM)
        return read_stream(log, wait_ms);
    if (!is_readable(log->fd, wait_ms))
        return NULL;
    buffer = g_malloc(LONGEST);
    length = recv(log->fd, buffer, LONGEST, 0);
    return length < 0 ? NULL : g_strndup(buffer, (gsize)length);
}
