#include "alert/log_reader.h"

#include <glib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct log_reader log_reader_at(const char *path)
{
    struct stat file;

    if (stat(path, &file) < 0)
        return (struct log_reader){0};
    return (struct log_reader){file.st_dev, file.st_ino, file.st_mtim};
}

bool log_reader_is_same(const struct log_reader *one, const struct log_reader *other)
{
    return one->device == other->device && one->inode == other->inode &&
           one->made.tv_sec == other->made.tv_sec && one->made.tv_nsec == other->made.tv_nsec;
}

bool log_reader_is_alive(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_alive;

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    is_alive = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return is_alive;
}
