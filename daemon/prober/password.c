#include "prober/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_credential(const char *file)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    size_t length = folder ? strlen(folder) : 0;

    return length > 0 && strncmp(file, folder, length) == 0 && file[length] == '/' && !strstr(file, "/../");
}

static bool is_private(int fd, const char *file, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the password file %s is no regular file", file);
        return false;
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
        ((status.st_mode & 0777) == (S_IRUSR | S_IRGRP) && is_credential(file)))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_PERM,
                "the password file %s is open to others (mode %03o): chmod 600", file, status.st_mode & 0777);
    return false;
}

/* The password in the first n bytes of the buffer. */
static bool trim(struct password *password, size_t n, const char *file, GError **error)
{
    if (n > 0 && password->bytes[n - 1] == '\n')
        n--;
    if (n == 0 || n > PASSWORD_MAX || memchr(password->bytes, '\0', n)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the password file %s %s", file,
                    n == 0             ? "is empty"
                    : n > PASSWORD_MAX ? "is too long"
                                       : "holds a NUL byte");
        return false;
    }
    password->length = n;
    return true;
}

static ssize_t read_all(int fd, char *bytes, size_t size)
{
    size_t n = 0;

    while (n < size) {
        ssize_t more = read(fd, bytes + n, size - n);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return -1;
        if (more == 0)
            break;
        n += (size_t)more;
    }
    return (ssize_t)n;
}

bool password_read(const char *file, struct password *ret_password, GError **error)
{
    /* Non-blocking: a FIFO in its place must not hold us before fstat() tells. */
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t n = 0;

    bool is_good = fd >= 0 && is_private(fd, file, error);
    if (is_good)
        n = read_all(fd, ret_password->bytes, sizeof ret_password->bytes);
    if (fd < 0 || n < 0)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the password file %s cannot be read: %s", file,
                    g_strerror(errno));
    if (fd >= 0)
        close(fd);
    if (is_good && n >= 0 && trim(ret_password, (size_t)n, file, error))
        return true;
    password_clear(ret_password);
    return false;
}

void password_clear(struct password *password)
{
    explicit_bzero(password, sizeof *password);
}
