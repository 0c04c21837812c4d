#include "store/statement.h"

#include "store/fault.h"

#define DOING_READ  "the state database cannot be read"
#define DOING_WRITE "the state database cannot be written"

sqlite3_stmt *statement_new(sqlite3 *handle, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK)
        return statement;
    fault_set(error, handle, DOING_READ);
    return NULL;
}

bool statement_next(sqlite3_stmt *statement, bool *ret_is_failed, GError **error)
{
    int result = sqlite3_step(statement);

    *ret_is_failed = result != SQLITE_ROW && result != SQLITE_DONE;
    if (*ret_is_failed)
        fault_set(error, sqlite3_db_handle(statement), DOING_READ);
    return result == SQLITE_ROW;
}

bool statement_run(sqlite3_stmt *statement, GError **error)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        fault_set(error, sqlite3_db_handle(statement), DOING_WRITE);
    else if (sqlite3_reset(statement) == SQLITE_OK)
        return true;
    else
        fault_set(error, sqlite3_db_handle(statement), DOING_WRITE);
    return false;
}

bool statement_execute(sqlite3 *handle, const char *sql, GError **error)
{
    if (sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return fault_set(error, handle, DOING_WRITE);
}

bool statement_integer(sqlite3 *handle, const char *sql, int64_t *ret_value, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = statement_new(handle, sql, error);
    bool is_failed;

    if (!statement)
        return false;
    if (statement_next(statement, &is_failed, error))
        *ret_value = sqlite3_column_int64(statement, 0);
    else if (!is_failed)
        *ret_value = 0;
    return !is_failed;
}

bool statement_text(sqlite3 *handle, const char *sql, char **ret_value, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = statement_new(handle, sql, error);
    bool is_failed;

    if (!statement)
        return false;
    if (statement_next(statement, &is_failed, error))
        *ret_value = g_strdup((const char *)sqlite3_column_text(statement, 0));
    else if (!is_failed)
        *ret_value = NULL;
    return !is_failed;
}
