/* A table of Postfix (ldap_table(5)), read as Postfix reads one. */
#ifndef DNDRIFT_SOURCE_POSTFIX_FILE_H
#define DNDRIFT_SOURCE_POSTFIX_FILE_H

#include <glib.h>

/* The value (char *) of the setting: the last one, over as many lines as are indented. NULL and a clause that
 * follows the file's name. */
GPtrArray *postfix_file_values(GBytes *content, const char *name, GError **error);
#endif
