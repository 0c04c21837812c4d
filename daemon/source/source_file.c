#include "source/source_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/source.h"

static GBytes *fail(GError **error, const char *why)
{
    g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_FILE, why);
    return NULL;
}

static GBytes *fail_size(size_t max_bytes, GError **error)
{
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FILE, "is larger than %zu MiB", max_bytes >> 20);
    return NULL;
}

static GBytes *read_open(int fd, size_t max_bytes, GError **error)
{
    struct stat status;
    g_autofree char *bytes = NULL;
    size_t length = 0;

    if (fstat(fd, &status) < 0)
        return fail(error, g_strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(error, "is no regular file");
    if ((size_t)status.st_size > max_bytes)
        return fail_size(max_bytes, error);
    bytes = g_malloc((size_t)status.st_size + 1);
    while (length < (size_t)status.st_size) {
        ssize_t n = read(fd, bytes + length, (size_t)status.st_size - length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(error, g_strerror(errno));
        if (n == 0)
            break; /* it was cut short meanwhile: the next change will tell */
        length += (size_t)n;
    }
    bytes[length] = '\0';
    return g_bytes_new_take(g_steal_pointer(&bytes), length);
}

GBytes *source_file_read(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    return fd < 0 ? fail(error, g_strerror(errno)) : source_file_take(fd, SOURCE_MAX_BYTES, error);
}

GBytes *source_file_take(int fd, size_t max_bytes, GError **error)
{
    GBytes *content = read_open(fd, max_bytes, error);

    close(fd);
    return content;
}
