/* The table `server`: what was told to the operator about single servers. */
#ifndef DNDRIFT_STORE_SERVER_ROW_H
#define DNDRIFT_STORE_SERVER_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#define SERVER_ROW_KEPT_MS (G_GINT64_CONSTANT(30) * 24 * 60 * 60 * 1000)

/* Each struct server_notice replaces the row of its server. What is SERVER_ROW_KEPT_MS away from it goes:
 * servers that are no longer configured do not gather. */
bool server_row_write(sqlite3 *handle, GPtrArray *notices, GError **error);

/* Appends every row to notices. */
bool server_row_load(sqlite3 *handle, GPtrArray *notices, GError **error);

#endif
