#define _GNU_SOURCE /* O_PATH */

#include "source/tray.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/source.h"
#include "source/source_file.h"

#define OPEN_FILE   (O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
#define OPEN_FOLDER (O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY | O_PATH)

/* One step after the other from the root, none over a symbolic link. */
int tray_open(const char *folder, GError **error)
{
    g_auto(GStrv) steps = g_strsplit(folder, "/", -1);
    int at = open("/", OPEN_FOLDER);

    for (unsigned i = 0; steps[i] && at >= 0; i++) {
        int above = at;

        if (*steps[i] == '\0')
            continue;
        at = openat(above, steps[i], OPEN_FOLDER);
        if (at < 0)
            g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FILE, "%s: %s", folder,
                        errno == ENOTDIR ? "is no folder, or lies behind a symbolic link"
                                         : g_strerror(errno));
        close(above);
    }
    return at;
}

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t n = write(fd, text, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text += n;
        left -= (size_t)n;
    }
    return true;
}

static bool create(int tray, const char *name, const char *text)
{
    int fd = openat(tray, name, O_WRONLY | O_CREAT | O_EXCL | OPEN_FILE, 0600);
    bool is_written = fd >= 0 && write_all(fd, text) && fchmod(fd, 0644) == 0;

    return fd >= 0 && close(fd) == 0 && is_written;
}

bool tray_put(int tray, const char *name, const char *text)
{
    guint64 salt = 0;
    g_autofree char *fresh = NULL;
    int cause;

    if (getrandom(&salt, sizeof salt, 0) < 0)
        return false;
    fresh = g_strdup_printf(".%s.%016" G_GINT64_MODIFIER "x", name, salt);
    if (create(tray, fresh, text) && renameat(tray, fresh, tray, name) == 0)
        return true;
    cause = errno;
    unlinkat(tray, fresh, 0);
    errno = cause;
    return false;
}

static GBytes *refuse(GError **error, const char *why)
{
    g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_FILE, why);
    return NULL;
}

GBytes *tray_take(int tray, const char *name, size_t max_bytes, GError **error)
{
    int fd = openat(tray, name, O_RDONLY | OPEN_FILE);
    struct stat status;

    if (fd < 0)
        return refuse(error, errno == ELOOP ? "is a symbolic link" : g_strerror(errno));
    if (fstat(fd, &status) < 0 || (status.st_uid != 0 && status.st_uid != geteuid())) {
        close(fd);
        return refuse(error, "is not root's");
    }
    return source_file_take(fd, max_bytes, error);
}

bool tray_time(int tray, const char *name, int64_t *ret_wall_s)
{
    struct stat status;

    if (fstatat(tray, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return false;
    *ret_wall_s = status.st_mtim.tv_sec;
    return true;
}

/* In the time of access: nobody reads an empty file. */
bool tray_touch(int tray, const char *name, int64_t wall_s, int64_t wall_now_s)
{
    const struct timespec times[] = {{.tv_sec = wall_now_s}, {.tv_sec = wall_s}};
    int fd = openat(tray, name, O_WRONLY | O_CREAT | OPEN_FILE, 0644);
    bool is_done = fd >= 0 && futimens(fd, times) == 0;

    return fd >= 0 && close(fd) == 0 && is_done;
}

bool tray_touch_time(int tray, const char *name, int64_t *ret_wall_s)
{
    struct stat status;

    if (fstatat(tray, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return false;
    *ret_wall_s = status.st_atim.tv_sec;
    return true;
}
