#include "store/alert_row.h"

#include "store/delivery_row.h"
#include "store/history_row.h"
#include "store/row.h"
#include "store/statement.h"

static const struct table outbox = {"outbox", history_row_columns, HISTORY_ROW_ALERT_COLUMNS};

/* What nobody is to be told of does not wait. */
bool alert_row_write(sqlite3 *handle, GPtrArray *alerts, const GPtrArray *outlets, GError **error)
{
    return (outlets->len == 0 || row_write(handle, &outbox, false, alerts, error)) &&
           delivery_row_write(handle, alerts, outlets, error);
}

static void *alert_make(void)
{
    return alert_new(WORD_NONE, 0, NULL, 0);
}

static void alert_take(void *user, void *record)
{
    struct alert *alert = record;

    alert->severity = CLAMP(alert->severity, 0, 7);
    g_ptr_array_add(user, alert);
}

bool alert_row_load(sqlite3 *handle, GPtrArray *alerts, GError **error)
{
    return row_load(handle, &outbox, "number", alert_make, alert_take, alerts, error);
}

bool alert_row_last_number(sqlite3 *handle, uint64_t *ret_number, GError **error)
{
    int64_t given, told;

    if (!statement_integer(handle, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", &given, error) ||
        !statement_integer(handle, "SELECT max(number) FROM history WHERE number > 0 AND is_member = 0",
                           &told, error))
        return false;
    *ret_number = (uint64_t)MAX(MAX(given, told), 0);
    return true;
}

bool alert_row_raise_last_number(sqlite3 *handle, uint64_t number, GError **error)
{
    uint64_t last;
    g_autofree char *sql =
        g_strdup_printf("DELETE FROM sqlite_sequence WHERE name = 'outbox';"
                        "INSERT INTO sqlite_sequence(name, seq) VALUES('outbox', %" G_GUINT64_FORMAT ")",
                        number);

    if (!alert_row_last_number(handle, &last, error))
        return false;
    return last >= number || statement_execute(handle, sql, error);
}
