/* The tables `history` and `outbox`: an alert goes to both at once, and stays in the outbox until every
 * outlet took it. */
#ifndef DNDRIFT_STORE_ALERT_ROW_H
#define DNDRIFT_STORE_ALERT_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define ALERT_ROW_KEPT_ROWS 100000                           /* of the history, */
#define ALERT_ROW_KEPT_MS   (INT64_C(90) * 24 * 3600 * 1000) /* and none older than this */

/* A number that is there already fails with FAULT_CONSTRAINT. */
bool alert_row_write(sqlite3 *handle, GPtrArray *alerts, const GPtrArray *outlets, GError **error);

/* Appends the outbox to alerts, oldest first. */
bool alert_row_load(sqlite3 *handle, GPtrArray *alerts, GError **error);

/* The highest number that was ever in there. */
bool alert_row_last_number(sqlite3 *handle, uint64_t *ret_number, GError **error);

/* Makes sure that alert_row_last_number() answers at least this. */
bool alert_row_raise_last_number(sqlite3 *handle, uint64_t number, GError **error);

/* Drops what the history no longer keeps, some thousand rows a call; *ret_is_more: call again. Ages are
 * counted back from the newest row, so that a clock that is wrong while nothing happens deletes nothing. */
bool alert_row_prune(sqlite3 *handle, bool *ret_is_more, GError **error);

#endif
