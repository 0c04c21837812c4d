/* One SQL statement of ours, prepared, stepped and finalised by whoever made it. */
#ifndef DNDRIFT_STORE_STATEMENT_H
#define DNDRIFT_STORE_STATEMENT_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* NULL and a sentence if it cannot be prepared. */
sqlite3_stmt *statement_new(sqlite3 *handle, const char *sql, GError **error);

/* Whether a row is there. Without one: the end, or *error is set and is_failed is true. */
bool statement_next(sqlite3_stmt *statement, bool *ret_is_failed, GError **error);

/* Steps a statement that answers no rows and makes it ready for the next. */
bool statement_run(sqlite3_stmt *statement, GError **error);

/* Runs SQL text as it stands, several statements if need be. */
bool statement_execute(sqlite3 *handle, const char *sql, GError **error);

/* The first column of the first row, 0 or NULL if there is none. g_free() the text. */
bool statement_integer(sqlite3 *handle, const char *sql, int64_t *ret_value, GError **error);
bool statement_text(sqlite3 *handle, const char *sql, char **ret_value, GError **error);

#endif
