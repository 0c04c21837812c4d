#include "prober/password.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "prober/secret_file.h"

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
    int fd = secret_file_open(file, "password file", error);

    if (fd < 0)
        return false;
    ssize_t n = read_all(fd, ret_password->bytes, sizeof ret_password->bytes);
    if (n < 0)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the password file %s cannot be read: %s", file,
                    g_strerror(errno));
    close(fd);
    if (n >= 0 && trim(ret_password, (size_t)n, file, error))
        return true;
    password_clear(ret_password);
    return false;
}

void password_clear(struct password *password)
{
    explicit_bzero(password, sizeof *password);
}
