/* The tables and their versions: what application_id and user_version of a database say, and the way from
 * each older version to this one. */
#ifndef DNDRIFT_STORE_SCHEMA_H
#define DNDRIFT_STORE_SCHEMA_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#define SCHEMA_APPLICATION_ID 0x646e6472 /* "dndr" */

/* step[v] leads from version v to v + 1; version 0 is an empty file. */
struct schema {
    const char *const *steps;
    int version;
};

const struct schema *schema_current(void);

/* All steps from that version on, in one transaction. */
bool schema_upgrade(const struct schema *schema, sqlite3 *handle, int version, GError **error);

/* The database's version. Fails with FAULT_BROKEN if it is not ours or its tables are not, FAULT_NEWER if it
 * is of a later version. */
bool schema_inspect(const struct schema *schema, sqlite3 *handle, int *ret_version, GError **error);

#endif
