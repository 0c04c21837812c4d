/* Files that hold passwords and keys: where they are, and whether they are fit to hold one. They are
 * looked at from outside, never opened. */
#ifndef DNDRIFT_CONFIG_SECRET_H
#define DNDRIFT_CONFIG_SECRET_H

#include <glib.h>
#include <stdbool.h>

/* The absolute path: a relative one lies in $CREDENTIALS_DIRECTORY. NULL and a sentence if that is not set;
 * g_free() it. */
char *secret_path(const char *path, GError **error);

/* false and a sentence if there is no such file, this process may not read it, or others may. Below
 * $CREDENTIALS_DIRECTORY systemd decides who reads it. */
bool secret_check(const char *path, GError **error);
#endif
