/* The bytes of a configuration file, read whole within a bound. */
#ifndef DNDRIFT_CONFIG_CONTENT_H
#define DNDRIFT_CONFIG_CONTENT_H

#include <glib.h>

/* NULL and a clause ("cannot be read: No such file or directory") on failure; never waits, for it takes
 * regular files only. g_bytes_unref() the result. */
GBytes *content_read(const char *file, gsize max_bytes, GError **error);
#endif
