#include "config/secret.h"

#include "config/value_error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *credentials_directory(void)
{
    const char *directory = g_getenv("CREDENTIALS_DIRECTORY");

    return directory && *directory == '/' ? directory : NULL;
}

char *secret_path(const char *path, GError **error)
{
    if (*path == '/')
        return g_strdup(path);
    if (credentials_directory())
        return g_build_filename(credentials_directory(), path, NULL);
    value_fail(error, path,
               "is a relative path, which means $CREDENTIALS_DIRECTORY, and that is not set: "
               "expected an absolute path, or LoadCredential= in the unit");
    return NULL;
}

static bool is_credential(const char *path)
{
    const char *directory = credentials_directory();
    g_autofree char *own = directory ? g_canonicalize_filename(directory, "/") : NULL;
    g_autofree char *its = g_canonicalize_filename(path, "/");

    return own && g_str_has_prefix(its, own) && its[strlen(own)] == '/';
}

/* systemd lets the unit's group read what it hands over: mode 0440. */
static bool is_private(const char *path, mode_t mode)
{
    bool is_handed_over = (mode & 0777) == (S_IRUSR | S_IRGRP) && is_credential(path);

    return (mode & (S_IRWXG | S_IRWXO)) == 0 || is_handed_over;
}

/* systemd 252 hands credentials to the first command of a unit alone: ExecReload's `dndriftd -t` must not
 * find fault with what only the daemon may see. */
static bool is_out_of_sight(const char *path)
{
    return is_credential(path) && access(credentials_directory(), X_OK) != 0;
}

bool secret_check(const char *path, GError **error)
{
    struct stat status;

    if (is_out_of_sight(path))
        return true;
    if (stat(path, &status) != 0)
        return value_fail(error, path, "cannot be read: %s", g_strerror(errno));
    if (!S_ISREG(status.st_mode))
        return value_fail(error, path, "is no file, expected one that holds the secret");
    if (!is_private(path, status.st_mode))
        return value_fail(error, path,
                          "can be read or written by others (mode %04o), expected mode 0400 or 0600",
                          (unsigned)status.st_mode & 07777);
    if (access(path, R_OK) != 0)
        return value_fail(error, path, "cannot be read: %s", g_strerror(errno));
    return true;
}
