/* A file that holds a password or a key, opened only if nobody else may read it. */
#ifndef DNDRIFT_PROBER_SECRET_FILE_H
#define DNDRIFT_PROBER_SECRET_FILE_H

#include <glib.h>

/* A descriptor to read it from, which the caller closes. -1 and a sentence if it cannot be read, is no
 * regular file, or others may read it. Group-readable is fine below $CREDENTIALS_DIRECTORY alone: systemd
 * makes it so. `what` is how the sentence calls it, such as "password file". */
int secret_file_open(const char *file, const char *what, GError **error);
#endif
