/* The table `notice`: what was announced of a whole directory. */
#ifndef DNDRIFT_STORE_NOTICE_ROW_H
#define DNDRIFT_STORE_NOTICE_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Each struct directory_notice replaces the row of its directory. */
bool notice_row_write(sqlite3 *handle, GPtrArray *notices, GError **error);

/* Appends every row to notices. */
bool notice_row_load(sqlite3 *handle, GPtrArray *notices, GError **error);

#endif
