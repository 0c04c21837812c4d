#include "prober/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
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

static bool is_private(int fd, const char *file, const char *what, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the %s %s is no regular file", what, file);
        return false;
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
        ((status.st_mode & 0777) == (S_IRUSR | S_IRGRP) && is_credential(file)))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_PERM, "the %s %s is open to others (mode %03o): chmod 600",
                what, file, status.st_mode & 0777);
    return false;
}

int secret_file_open(const char *file, const char *what, GError **error)
{
    /* Non-blocking: a FIFO in its place must not hold us before fstat() tells. */
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the %s %s cannot be read: %s", what, file,
                    g_strerror(errno));
    else if (!is_private(fd, file, what, error)) {
        close(fd);
        fd = -1;
    }
    return fd;
}
