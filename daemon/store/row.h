/* A row of a table as a plain struct: one line a column says name, type and place, and binding, reading and
 * the SQL follow from it. */
#ifndef DNDRIFT_STORE_ROW_H
#define DNDRIFT_STORE_ROW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* Enumerations are stored by the name that users see, so that their order in a header is free to change. */
enum column_type {
    COLUMN_TEXT,   /* char *, owned by the struct; NULL stays NULL */
    COLUMN_NUMBER, /* int64_t or uint64_t */
    COLUMN_INT,
    COLUMN_BOOL,
    COLUMN_VERDICT,
    COLUMN_WORD,
    COLUMN_PHASE,
    COLUMN_REASON
};

struct column {
    const char *name;
    enum column_type type;
    size_t offset;
};

struct table {
    const char *name;
    const struct column *columns;
    int n_columns;
};

/* Inserts the records, or replaces those of the same key if is_replacing. */
bool row_write(sqlite3 *handle, const struct table *table, bool is_replacing, GPtrArray *records,
               GError **error);

/* A query for all columns, ready to be stepped; `after`: what follows the name of the table. NULL and a
 * sentence if it cannot be prepared. */
sqlite3_stmt *row_select(sqlite3 *handle, const struct table *table, const char *after, GError **error);

/* The row on which the query stands, into a struct whose texts are NULL or its own. */
void row_read(const struct table *table, sqlite3_stmt *statement, void *record);

/* Reads the whole table in the order of `order_by`: each row into a struct that `make` gave, whose texts are
 * all NULL; then `take` owns it. */
typedef void *(*row_make_fn)(void);
typedef void (*row_take_fn)(void *user, void *record);
bool row_load(sqlite3 *handle, const struct table *table, const char *order_by, row_make_fn make,
              row_take_fn take, void *user, GError **error);

#endif
