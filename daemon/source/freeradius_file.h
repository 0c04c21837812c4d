/* The search bases of the module ldap of FreeRADIUS (mods-available/ldap), read as FreeRADIUS 3 reads them.
 */
#ifndef DNDRIFT_SOURCE_FREERADIUS_FILE_H
#define DNDRIFT_SOURCE_FREERADIUS_FILE_H

#include <glib.h>

/* The bases (char *) of the sections of `ldap` that search by one; what stands in `ldap` itself is nothing
 * but what ${..NAME} in them refers to. NULL and a clause that follows the file's name. */
GPtrArray *freeradius_file_bases(GBytes *content, const char *name, GError **error);
#endif
