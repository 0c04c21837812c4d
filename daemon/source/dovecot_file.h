/* Settings of Dovecot (dovecot-ldap.conf.ext), read as Dovecot 2.3 reads them. */
#ifndef DNDRIFT_SOURCE_DOVECOT_FILE_H
#define DNDRIFT_SOURCE_DOVECOT_FILE_H

#include <glib.h>

/* The value (char *) of the setting, the last one. NULL and a clause that follows the file's name. */
GPtrArray *dovecot_file_values(GBytes *content, const char *name, GError **error);
#endif
