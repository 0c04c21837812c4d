#include "config/content.h"

#include "config/value_error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static GBytes *fail(GError **error, const char *why)
{
    g_set_error(error, VALUE_ERROR, 0, "cannot be read: %s", why);
    return NULL;
}

static bool is_regular(int fd, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return fail(error, g_strerror(errno)) != NULL;
    if (!S_ISREG(status.st_mode))
        return fail(error, S_ISDIR(status.st_mode)
                               ? "it is a folder, expected a file"
                               : "it is a pipe, socket or device, expected a file") != NULL;
    return true;
}

static GBytes *read_all(int fd, gsize max_bytes, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 buffer[65536];

    for (;;) {
        ssize_t n = read(fd, buffer, sizeof buffer);

        if (n < 0 && errno != EINTR)
            return fail(error, g_strerror(errno));
        if (n == 0)
            return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
        if (n > 0)
            g_byte_array_append(bytes, buffer, (guint)n);
        if (bytes->len > max_bytes)
            return fail(error, "it is larger than a configuration can be");
    }
}

GBytes *content_read(const char *file, gsize max_bytes, GError **error)
{
    /* O_NONBLOCK: opening a pipe nobody writes to would wait for ever */
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return fail(error, g_strerror(errno));
    GBytes *bytes = is_regular(fd, error) ? read_all(fd, max_bytes, error) : NULL;

    close(fd);
    return bytes;
}
