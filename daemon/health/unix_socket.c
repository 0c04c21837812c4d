#include "health/unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool fail(GError **error, const char *clause)
{
    int code = errno;

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s%s", clause, g_strerror(code));
    return false;
}

static bool address_set(struct sockaddr_un *address, const char *path, GError **error)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) < sizeof address->sun_path) {
        memcpy(address->sun_path, path, strlen(path));
        return true;
    }
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG, "the path is longer than %zu bytes",
                sizeof address->sun_path - 1);
    return false;
}

static bool folder_make(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *clause = g_strdup_printf("cannot make the folder %s: ", folder);

    return g_mkdir_with_parents(folder, 0755) == 0 || fail(error, clause);
}

/* Removes the file of a daemon that is gone. A full backlog (EAGAIN) is an answer, too. */
static bool stale_remove(const struct sockaddr_un *address, GError **error)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool is_answered = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    int code = errno;
    struct stat status;

    if (fd >= 0)
        close(fd);
    if (!is_answered && code == ENOENT)
        return true;
    errno = EADDRINUSE;
    if (is_answered || code != ECONNREFUSED)
        return fail(error, "");
    if (lstat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        return fail(error, "there is something else than a socket: ");
    }
    return unlink(address->sun_path) == 0 ||
           fail(error, "cannot remove what a daemon that is gone has left: ");
}

/* Nobody can connect before listen(), so the mode is right from the first moment on. */
static bool bind_with_mode(int fd, const struct sockaddr_un *address, mode_t mode,
                           struct unix_socket *ret_socket, GError **error)
{
    struct stat status;

    if (bind(fd, (const struct sockaddr *)address, sizeof *address) != 0 ||
        chmod(address->sun_path, mode) != 0 || lstat(address->sun_path, &status) != 0)
        return fail(error, "");
    *ret_socket = (struct unix_socket){.device = status.st_dev, .inode = status.st_ino};
    return true;
}

int unix_socket_bind(const char *path, mode_t mode, struct unix_socket *ret_socket, GError **error)
{
    struct sockaddr_un address;
    int fd;

    if (!address_set(&address, path, error) || !folder_make(path, error) || !stale_remove(&address, error))
        return -1;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        fail(error, "");
        return -1;
    }
    if (bind_with_mode(fd, &address, mode, ret_socket, error))
        return fd;
    close(fd);
    return -1;
}

void unix_socket_remove(const char *path, const struct unix_socket *unix_socket)
{
    struct stat status;

    if (lstat(path, &status) == 0 && status.st_dev == unix_socket->device &&
        status.st_ino == unix_socket->inode)
        unlink(path);
}
