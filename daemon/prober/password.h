/* The password, read from its file at every bind and wiped right after. No other process of the project ever
 * holds it. */
#ifndef DNDRIFT_PROBER_PASSWORD_H
#define DNDRIFT_PROBER_PASSWORD_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define PASSWORD_MAX 1024 /* bytes */

struct password {
    char bytes[PASSWORD_MAX + 2]; /* room to see that the file is too long */
    size_t length;                /* without the newline at the end of the file */
};

/* false and a sentence if the file cannot be read, is empty, or others may read it. Group-readable is fine
 * below $CREDENTIALS_DIRECTORY alone: systemd makes it so. */
bool password_read(const char *file, struct password *ret_password, GError **error);
void password_clear(struct password *password);
#endif
