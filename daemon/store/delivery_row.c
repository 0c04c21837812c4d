#include "store/delivery_row.h"

#include "judge/alert.h"
#include "store/batch.h"
#include "store/statement.h"

static bool delivery_run(sqlite3_stmt *statement, uint64_t number, const char *outlet, GError **error)
{
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
    sqlite3_bind_text(statement, 2, outlet, -1, SQLITE_STATIC);
    return statement_run(statement, error);
}

bool delivery_row_write(sqlite3 *handle, const GPtrArray *alerts, const GPtrArray *outlets, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;

    if (alerts->len == 0 || outlets->len == 0)
        return true;
    statement = statement_new(handle, "INSERT INTO delivery(number, outlet) VALUES(?, ?)", error);
    for (guint i = 0; statement && i < alerts->len; i++)
        for (guint o = 0; o < outlets->len; o++)
            if (!delivery_run(statement, ((const struct alert *)alerts->pdata[i])->number, outlets->pdata[o],
                              error))
                return false;
    return statement != NULL;
}

bool delivery_row_settle(sqlite3 *handle, const GArray *receipts, GError **error)
{
    g_autoptr(sqlite3_stmt) settle = NULL;
    g_autoptr(sqlite3_stmt) clear = NULL;

    if (receipts->len == 0)
        return true;
    settle = statement_new(handle, "DELETE FROM delivery WHERE number = ? AND outlet = ?", error);
    clear = settle ? statement_new(handle,
                                   "DELETE FROM outbox WHERE number = ?1 AND NOT EXISTS"
                                   " (SELECT 1 FROM delivery WHERE number = ?1)",
                                   error)
                   : NULL;
    for (guint i = 0; clear && i < receipts->len; i++) {
        const struct receipt *receipt = &g_array_index(receipts, struct receipt, i);

        if (receipt->is_doubtful)
            continue;
        sqlite3_bind_int64(clear, 1, (sqlite3_int64)receipt->number);
        if (!delivery_run(settle, receipt->number, receipt->outlet, error) || !statement_run(clear, error))
            return false;
    }
    return clear != NULL;
}

bool delivery_row_clean(sqlite3 *handle, GError **error)
{
    return statement_execute(handle,
                             "DELETE FROM outbox WHERE number NOT IN (SELECT number FROM delivery);"
                             "DELETE FROM delivery WHERE number NOT IN (SELECT number FROM outbox)",
                             error);
}

static void delivery_take(GHashTable *outlets, int64_t number, const char *outlet)
{
    GPtrArray *names = g_hash_table_lookup(outlets, &number);

    if (!names) {
        names = g_ptr_array_new();
        g_hash_table_insert(outlets, g_memdup2(&number, sizeof number), names);
    }
    g_ptr_array_add(names, (void *)g_intern_string(outlet));
}

bool delivery_row_load(sqlite3 *handle, GHashTable *outlets, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        statement_new(handle, "SELECT number, outlet FROM delivery ORDER BY number, outlet", error);
    bool is_failed = !statement;

    while (!is_failed && statement_next(statement, &is_failed, error))
        delivery_take(outlets, sqlite3_column_int64(statement, 0),
                      (const char *)sqlite3_column_text(statement, 1));
    return !is_failed;
}
