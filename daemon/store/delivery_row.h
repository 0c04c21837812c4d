/* The table `delivery`: which outlet is still to take which alert of the outbox. */
#ifndef DNDRIFT_STORE_DELIVERY_ROW_H
#define DNDRIFT_STORE_DELIVERY_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Each of the alerts is for each of the outlets (const char *). */
bool delivery_row_write(sqlite3 *handle, const GPtrArray *alerts, const GPtrArray *outlets, GError **error);

/* Takes the rows of these receipts (struct receipt) away, but for the doubtful ones, and what no outlet waits
 * for any more from the outbox. */
bool delivery_row_settle(sqlite3 *handle, const GArray *receipts, GError **error);

/* Drops alerts of the outbox for which no outlet waits, and what waits for alerts that are not there: only an
 * older version or a hand leaves such rows. */
bool delivery_row_clean(sqlite3 *handle, GError **error);

/* Fills the table of store_content.outlets. */
bool delivery_row_load(sqlite3 *handle, GHashTable *outlets, GError **error);

#endif
