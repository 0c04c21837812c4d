/* A key in a file of lines KEY = VALUE or KEY VALUE, each for itself. */
#ifndef DNDRIFT_SOURCE_KEYVALUE_FILE_H
#define DNDRIFT_SOURCE_KEYVALUE_FILE_H

#include <glib.h>

/* The values (char *) of the key. NULL and a clause that follows the file's name. */
GPtrArray *keyvalue_file_values(GBytes *content, const char *key, GError **error);
#endif
