/* A key in a section of an INI file (sssd.conf). */
#ifndef DNDRIFT_SOURCE_INI_FILE_H
#define DNDRIFT_SOURCE_INI_FILE_H

#include <glib.h>

/* The value (char *), the last if it stands there more than once; an indented line goes on with the one
 * above. NULL and a clause that follows the file's name. */
GPtrArray *ini_file_values(GBytes *content, const char *section, const char *key, GError **error);
#endif
