/* A setting of a section of sssd.conf(5), read as SSSD reads it. */
#ifndef DNDRIFT_SOURCE_SSSD_FILE_H
#define DNDRIFT_SOURCE_SSSD_FILE_H

#include <glib.h>

/* The value (char *), the last if it stands there more than once. NULL and a clause that follows the file's
 * name. */
GPtrArray *sssd_file_values(GBytes *content, const char *section, const char *name, GError **error);
#endif
