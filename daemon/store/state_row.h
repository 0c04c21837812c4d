/* The table `watch`: what is kept of a watch over a restart, one row a watch. */
#ifndef DNDRIFT_STORE_STATE_ROW_H
#define DNDRIFT_STORE_STATE_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Each struct watch_state replaces the row of its watch. */
bool state_row_write(sqlite3 *handle, GPtrArray *states, GError **error);

/* Drops the rows of these watches (char *). */
bool state_row_forget(sqlite3 *handle, GPtrArray *watches, GError **error);

/* Appends every row to states, in order of the watch's name. */
bool state_row_load(sqlite3 *handle, GPtrArray *states, GError **error);

#endif
