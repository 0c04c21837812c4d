#include "store/alert_row.h"

#include "judge/alert.h"
#include "store/delivery_row.h"
#include "store/row.h"
#include "store/statement.h"

#define PRUNED_AT_ONCE  5000
#define TAG_COLUMN(tag) offsetof(struct alert, tags) + (tag) * sizeof(char *)

static const struct column columns[] = {
    {"number", COLUMN_NUMBER, offsetof(struct alert, number)},
    {"word", COLUMN_WORD, offsetof(struct alert, word)},
    {"severity", COLUMN_INT, offsetof(struct alert, severity)},
    {"wall_time_ms", COLUMN_NUMBER, offsetof(struct alert, wall_time_ms)},
    {"name", COLUMN_TEXT, offsetof(struct alert, name)},
    {"sentence", COLUMN_TEXT, offsetof(struct alert, sentence)},
    {"watch", COLUMN_TEXT, TAG_COLUMN(TAG_WATCH)},
    {"verdict", COLUMN_TEXT, TAG_COLUMN(TAG_VERDICT)},
    {"configured", COLUMN_TEXT, TAG_COLUMN(TAG_CONFIGURED)},
    {"live", COLUMN_TEXT, TAG_COLUMN(TAG_LIVE)},
    {"first_missing", COLUMN_TEXT, TAG_COLUMN(TAG_FIRST_MISSING)},
    {"identity", COLUMN_TEXT, TAG_COLUMN(TAG_IDENTITY)},
    {"directory", COLUMN_TEXT, TAG_COLUMN(TAG_DIRECTORY)},
    {"server", COLUMN_TEXT, TAG_COLUMN(TAG_SERVER)},
    {"since", COLUMN_TEXT, TAG_COLUMN(TAG_SINCE)},
    {"alert", COLUMN_TEXT, TAG_COLUMN(TAG_ALERT)},
    {"fix", COLUMN_TEXT, TAG_COLUMN(TAG_FIX)},
};

static const struct table history = {"history", columns, G_N_ELEMENTS(columns)};
static const struct table outbox = {"outbox", columns, G_N_ELEMENTS(columns)};

/* What nobody is to be told of does not wait. */
bool alert_row_write(sqlite3 *handle, GPtrArray *alerts, const GPtrArray *outlets, GError **error)
{
    return row_write(handle, &history, false, alerts, error) &&
           (outlets->len == 0 || row_write(handle, &outbox, false, alerts, error)) &&
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
        !statement_integer(handle, "SELECT max(number) FROM history", &told, error))
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

bool alert_row_prune(sqlite3 *handle, bool *ret_is_more, GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("DELETE FROM history WHERE number IN (SELECT number FROM history WHERE"
                        " number <= (SELECT max(number) FROM history) - %d OR wall_time_ms <"
                        " (SELECT wall_time_ms FROM history ORDER BY number DESC LIMIT 1) - %" G_GINT64_FORMAT
                        " ORDER BY number LIMIT %d)",
                        ALERT_ROW_KEPT_ROWS, ALERT_ROW_KEPT_MS, PRUNED_AT_ONCE);

    if (!statement_execute(handle, sql, error))
        return false;
    *ret_is_more = sqlite3_changes(handle) == PRUNED_AT_ONCE;
    return true;
}
