/* The copy of the database that stands in when the database is found broken. Made by SQLite's backup, checked
 * before it replaces the one before, so that damage is never copied over the last good copy. */
#ifndef DNDRIFT_STORE_COPY_H
#define DNDRIFT_STORE_COPY_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/folder.h"
#include "store/schema.h"

/* Copies the open database to that name in the folder. The copy has a store id of its own. */
bool copy_make(const struct folder *folder, const struct schema *schema, sqlite3 *handle, const char *name,
               GError **error);

/* Puts the copy in the place of the database, which is not there any more. False if there is no good one.
 * ret_wall_made_ms: of when it is. */
bool copy_restore(const struct folder *folder, const struct schema *schema, int64_t *ret_wall_made_ms);

#endif
