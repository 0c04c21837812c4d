/* The table `outbox`: what some outlet did not take yet. */
#ifndef DNDRIFT_STORE_ALERT_ROW_H
#define DNDRIFT_STORE_ALERT_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* A number that is there already fails with FAULT_CONSTRAINT. */
bool alert_row_write(sqlite3 *handle, GPtrArray *alerts, const GPtrArray *outlets, GError **error);

/* Appends the outbox to alerts, oldest first. */
bool alert_row_load(sqlite3 *handle, GPtrArray *alerts, GError **error);

/* The highest number that was ever in there. */
bool alert_row_last_number(sqlite3 *handle, uint64_t *ret_number, GError **error);

/* Makes sure that alert_row_last_number() answers at least this. */
bool alert_row_raise_last_number(sqlite3 *handle, uint64_t number, GError **error);

#endif
