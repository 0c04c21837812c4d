/* The table `ancestor`: what lies above pinned entries, once per directory and identity. */
#ifndef DNDRIFT_STORE_ANCESTOR_ROW_H
#define DNDRIFT_STORE_ANCESTOR_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Each struct stored_ancestor replaces its row; one without identity could never be asked for and is passed
 * over. */
bool ancestor_row_write(sqlite3 *handle, GPtrArray *ancestors, GError **error);

/* Adds every row: "DIRECTORY\nIDENTITY" (char *) -> struct ancestor *. */
bool ancestor_row_load(sqlite3 *handle, GHashTable *ancestors, GError **error);

#endif
