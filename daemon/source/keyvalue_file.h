/* A key in a file of lines: Postfix, Dovecot, nslcd, FreeRADIUS. */
#ifndef DNDRIFT_SOURCE_KEYVALUE_FILE_H
#define DNDRIFT_SOURCE_KEYVALUE_FILE_H

#include "source/source.h"

/* The values (char *) of the key by the rules of the dialect. NULL and a clause that follows the file's name.
 */
GPtrArray *keyvalue_file_values(GBytes *content, const char *key, enum source_dialect dialect,
                                GError **error);
#endif
