#define _GNU_SOURCE /* renameat2 */

#include "store/folder.h"

#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_TRIES    25
#define LOCK_PAUSE_US (20 * 1000)

static bool folder_fail(GError **error, const char *directory, const char *what, int cause)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_DIRECTORY,
                "state_directory %s %s%s%s: it must be a directory of this daemon's user with mode 0700 "
                "(install -d -m 0700 -o USER %s), or set state_directory in [daemon] to another",
                directory, what, cause ? ": " : "", cause ? g_strerror(cause) : "", directory);
    return false;
}

/* A world-writable directory would let anybody swap the files under us. */
static bool folder_check_owner(const struct folder *folder, const char *directory, GError **error)
{
    struct stat status;

    if (fstat(folder->fd, &status) < 0)
        return folder_fail(error, directory, "cannot be examined", errno);
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return folder_fail(error, directory, "belongs to another user", 0);
    if ((status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX))
        return folder_fail(error, directory, "can be written by everybody", 0);
    return true;
}

static bool folder_enter(struct folder *folder, const char *directory, GError **error)
{
    char path[PATH_MAX];

    if (g_mkdir_with_parents(directory, 0700) < 0)
        return folder_fail(error, directory, "cannot be created", errno);
    if (!realpath(directory, path))
        return folder_fail(error, directory, "cannot be found", errno);
    folder->path = g_strdup(path);
    folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0)
        return folder_fail(error, directory, "cannot be opened", errno);
    return folder_check_owner(folder, directory, error);
}

static void folder_name_holder(const struct folder *folder, GError **error)
{
    char text[32] = "";
    ssize_t length = pread(folder->lock_fd, text, sizeof text - 1, 0);
    long pid = length > 0 ? strtol(text, NULL, 10) : 0;
    g_autofree char *who = pid > 0 ? g_strdup_printf(" (process %ld)", pid) : g_strdup("");

    g_set_error(error, STORE_ERROR, STORE_ERROR_LOCKED,
                "another dndriftd%s uses the state directory %s: stop it, or give this one its own "
                "state_directory",
                who, folder->path);
}

/* A child that a killed daemon was just starting holds the lock until it has become a prober. */
static bool folder_wait_for_lock(const struct folder *folder)
{
    for (int tries = LOCK_TRIES; flock(folder->lock_fd, LOCK_EX | LOCK_NB) < 0; tries--) {
        if (errno != EWOULDBLOCK || tries == 0)
            return false;
        g_usleep(LOCK_PAUSE_US);
    }
    return true;
}

/* The lock goes with the process, however it ends; the number in the file is only for the message. */
static bool folder_lock(struct folder *folder, const char *directory, GError **error)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());

    folder->lock_fd =
        openat(folder->fd, FOLDER_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    if (folder->lock_fd < 0)
        return folder_fail(error, directory, "cannot be written", errno);
    if (!folder_wait_for_lock(folder)) {
        folder_name_holder(folder, error);
        return false;
    }
    if (ftruncate(folder->lock_fd, 0) < 0 || pwrite(folder->lock_fd, text, (size_t)length, 0) != length)
        return folder_fail(error, directory, "cannot be written", errno);
    return true;
}

struct folder *folder_open(const char *directory, GError **error)
{
    struct folder *folder = g_new0(struct folder, 1);

    folder->fd = -1;
    folder->lock_fd = -1;
    if (folder_enter(folder, directory, error) && folder_lock(folder, directory, error))
        return folder;
    folder_free(folder);
    return NULL;
}

void folder_free(struct folder *folder)
{
    if (!folder)
        return;
    if (folder->lock_fd >= 0)
        close(folder->lock_fd);
    if (folder->fd >= 0)
        close(folder->fd);
    g_free(folder->path);
    g_free(folder);
}

bool folder_stat(const struct folder *folder, const char *name, struct stat *ret_status)
{
    return fstatat(folder->fd, name, ret_status, AT_SYMLINK_NOFOLLOW) == 0;
}

enum file_kind folder_file_kind(const struct folder *folder, const char *name, const char **ret_why)
{
    struct stat status;
    const char *why = NULL;

    if (!folder_stat(folder, name, &status))
        return FILE_ABSENT;
    if (S_ISLNK(status.st_mode))
        why = "it is a symbolic link";
    else if (!S_ISREG(status.st_mode))
        why = "it is no regular file";
    else if (status.st_uid != geteuid())
        why = "it belongs to another user";
    else if (status.st_nlink != 1)
        why = "it has a second name (hard link)";
    if (why && ret_why)
        *ret_why = why;
    return why ? FILE_STRANGE : FILE_OURS;
}

char *folder_file_path(const struct folder *folder, const char *name)
{
    return g_build_filename(folder->path, name, NULL);
}

bool folder_create_file(const struct folder *folder, const char *name)
{
    int fd = openat(folder->fd, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);

    if (fd < 0)
        return false;
    close(fd);
    return true;
}

bool folder_rename(const struct folder *folder, const char *from, const char *to, bool is_replacing)
{
    if (renameat2(folder->fd, from, folder->fd, to, is_replacing ? 0 : RENAME_NOREPLACE) < 0)
        return false;
    fsync(folder->fd);
    return true;
}

void folder_remove(const struct folder *folder, const char *name)
{
    unlinkat(folder->fd, name, 0);
}
