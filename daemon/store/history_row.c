#include "store/history_row.h"

#include <string.h>

#include "store/batch.h"
#include "store/statement.h"

#define MAX_LIVED_MS (INT64_C(1) << 60)

#define ALERT_COLUMN(member) offsetof(struct history_entry, alert) + offsetof(struct alert, member)
#define TAG_COLUMN(tag)      ALERT_COLUMN(tags) + (tag) * sizeof(char *)

const struct column history_row_columns[] = {
    {"number", COLUMN_NUMBER, ALERT_COLUMN(number)},
    {"word", COLUMN_WORD, ALERT_COLUMN(word)},
    {"severity", COLUMN_INT, ALERT_COLUMN(severity)},
    {"wall_time_ms", COLUMN_NUMBER, ALERT_COLUMN(wall_time_ms)},
    {"name", COLUMN_TEXT, ALERT_COLUMN(name)},
    {"sentence", COLUMN_TEXT, ALERT_COLUMN(sentence)},
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
    {"wall_changed_ms", COLUMN_NUMBER, ALERT_COLUMN(changed.wall_ms)},
    {"changed_by", COLUMN_TEXT, ALERT_COLUMN(changed.by)},
    {"changed_origin", COLUMN_TEXT, ALERT_COLUMN(changed.origin)},
    {"is_member", COLUMN_BOOL, ALERT_COLUMN(is_member)},
    {"place", COLUMN_NUMBER, ALERT_COLUMN(place)},
    {"lived_ms", COLUMN_NUMBER, offsetof(struct history_entry, lived_ms)},
};

static const struct table table = {"history", history_row_columns, G_N_ELEMENTS(history_row_columns)};

/* An alert is the beginning of an entry, so that one list of columns does for both. */
G_STATIC_ASSERT(offsetof(struct history_entry, alert) == 0);

/* --- writing */

/* NULL: there is none, as nobody is told. */
static char *alert_id(const struct alert *alert, const struct history_mark *mark)
{
    return alert->number ? g_strdup_printf("%s-%" G_GUINT64_FORMAT, mark->store_id, alert->number) : NULL;
}

bool history_row_write(sqlite3 *handle, GPtrArray *alerts, bool is_replacing, const struct history_mark *mark,
                       GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < alerts->len; i++) {
        struct history_entry *entry = g_new0(struct history_entry, 1);

        entry->alert = *(const struct alert *)alerts->pdata[i]; /* its texts are borrowed */
        entry->alert.tags[TAG_ALERT] = alert_id(&entry->alert, mark);
        entry->lived_ms = mark->lived_ms;
        g_ptr_array_add(ids, entry->alert.tags[TAG_ALERT]);
        g_ptr_array_add(entries, entry);
    }
    return row_write(handle, &table, is_replacing, entries, error);
}

bool history_row_note(sqlite3 *handle, const GArray *receipts, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;

    if (receipts->len == 0)
        return true;
    statement = statement_new(handle, "INSERT OR IGNORE INTO told VALUES(?, ?, ?)", error);
    for (guint i = 0; statement && i < receipts->len; i++) {
        const struct receipt *receipt = &g_array_index(receipts, struct receipt, i);

        if (!receipt->wall_told_ms)
            continue;
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)receipt->number);
        sqlite3_bind_text(statement, 2, receipt->outlet, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, receipt->wall_told_ms);
        if (!statement_run(statement, error))
            return false;
    }
    return statement != NULL;
}

bool history_row_newest(sqlite3 *handle, uint64_t *ret_place, int64_t *ret_lived_ms, GError **error)
{
    int64_t place, lived_ms;

    if (!statement_integer(handle, "SELECT max(place) FROM history", &place, error) ||
        !statement_integer(handle, "SELECT lived_ms FROM history ORDER BY place DESC LIMIT 1", &lived_ms,
                           error))
        return false;
    *ret_place = (uint64_t)MAX(place, 0);
    *ret_lived_ms = CLAMP(lived_ms, 0, MAX_LIVED_MS);
    return true;
}

/* --- reading */

static bool has_entry(sqlite3 *handle, const char *condition, const char *name, bool *ret_has, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT 1 FROM history WHERE %s LIMIT 1", condition);
    g_autoptr(sqlite3_stmt) statement = statement_new(handle, sql, error);
    bool is_failed;

    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    *ret_has = statement_next(statement, &is_failed, error);
    return !is_failed;
}

/* How the entries of a name are found: it may be that of a section, or one of those that a section made. */
static bool find_condition(sqlite3 *handle, const char *name, struct history_page *page,
                           const char **ret_condition, GError **error)
{
    static const char *const conditions[] = {"family = ?1", "name = ?1"};

    for (size_t i = 0; !page->is_known && i < G_N_ELEMENTS(conditions); i++) {
        *ret_condition = conditions[i];
        if (!has_entry(handle, conditions[i], name, &page->is_known, error))
            return false;
    }
    return true;
}

static sqlite3_stmt *told_of(sqlite3 *handle, GError **error)
{
    return statement_new(handle, "SELECT outlet, wall_time_ms FROM told WHERE number = ? ORDER BY outlet",
                         error);
}

static bool read_told(sqlite3_stmt *statement, struct history_entry *entry, GError **error)
{
    bool is_failed;

    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)entry->alert.number);
    while (statement_next(statement, &is_failed, error))
        g_ptr_array_add(entry->told, history_told_new((const char *)sqlite3_column_text(statement, 0),
                                                      sqlite3_column_int64(statement, 1)));
    return !is_failed;
}

static uint64_t last_place(const struct history_page *page)
{
    const struct history_entry *last = page->entries->pdata[page->entries->len - 1];

    return last->alert.place;
}

/* Bytes of text in the row on which the query stands. */
static size_t row_size(sqlite3_stmt *statement)
{
    size_t size = 0;

    for (int i = 0; i < table.n_columns; i++)
        if (sqlite3_column_type(statement, i) == SQLITE_TEXT)
            size += (size_t)sqlite3_column_bytes(statement, i);
    return size;
}

/* Ends between two places, so that the next page begins where this one ends. */
static bool read_entries(sqlite3_stmt *statement, sqlite3_stmt *told, unsigned limit,
                         struct history_page *page, GError **error)
{
    size_t size = 0;
    bool is_failed;

    while (statement_next(statement, &is_failed, error)) {
        bool is_full = page->entries->len >= limit || size > HISTORY_ROW_MAX_BYTES;
        struct history_entry *entry = history_entry_new();

        row_read(&table, statement, entry);
        if (is_full && entry->alert.place != last_place(page)) {
            page->next = last_place(page);
            history_entry_free(entry);
            return true;
        }
        g_ptr_array_add(page->entries, entry);
        size += row_size(statement);
        if (!read_told(told, entry, error))
            return false;
    }
    return !is_failed;
}

static bool read_page(sqlite3 *handle, const struct history_query *query, const char *condition,
                      struct history_page *page, GError **error)
{
    g_autofree char *after = g_strdup_printf("WHERE %s AND place < ?2 ORDER BY place DESC", condition);
    g_autoptr(sqlite3_stmt) statement = row_select(handle, &table, after, error);
    g_autoptr(sqlite3_stmt) told = statement ? told_of(handle, error) : NULL;

    if (!told)
        return false;
    if (query->name)
        sqlite3_bind_text(statement, 1, query->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, query->before ? (sqlite3_int64)query->before : G_MAXINT64);
    return read_entries(statement, told, query->limit, page, error);
}

struct history_page *history_row_read(sqlite3 *handle, const struct history_query *query, GError **error)
{
    g_autoptr(history_page_t) page = history_page_new();
    const char *condition = "is_member = 0";

    if (query->name && !find_condition(handle, query->name, page, &condition, error))
        return NULL;
    if ((!query->name || page->is_known) && !read_page(handle, query, condition, page, error))
        return NULL;
    return g_steal_pointer(&page);
}

static void take_member(GHashTable *members, struct alert *member)
{
    GPtrArray *fellows = g_hash_table_lookup(members, &member->number);

    if (!fellows) {
        fellows = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
        g_hash_table_insert(members, g_memdup2(&member->number, sizeof member->number), fellows);
    }
    g_ptr_array_add(fellows, member);
}

bool history_row_load_members(sqlite3 *handle, GHashTable *members, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        row_select(handle, &table, "WHERE is_member = 1 AND number IN (SELECT number FROM outbox)", error);
    bool is_failed = !statement;

    while (!is_failed && statement_next(statement, &is_failed, error)) {
        struct history_entry *entry = history_entry_new();

        row_read(&table, statement, entry);
        take_member(members, g_memdup2(&entry->alert, sizeof entry->alert));
        entry->alert = (struct alert){0};
        history_entry_free(entry);
    }
    return !is_failed;
}

/* --- pruning: entries go in the order in which they came, whatever their wall clock said */

static bool prune_told(sqlite3 *handle, GError **error)
{
    return statement_execute(handle,
                             "DELETE FROM told WHERE number < (SELECT number FROM history WHERE number > 0"
                             " ORDER BY place LIMIT 1)",
                             error);
}

static bool count_old(sqlite3 *handle, int64_t before_lived_ms, int64_t *ret_n, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM (SELECT lived_ms FROM history ORDER BY "
                                           "place LIMIT %d) WHERE lived_ms < %" G_GINT64_FORMAT,
                                           HISTORY_ROW_STEP, before_lived_ms);

    return statement_integer(handle, sql, ret_n, error);
}

bool history_row_prune(sqlite3 *handle, const struct history_limits *limits, int64_t lived_ms,
                       bool *ret_is_more, GError **error)
{
    int64_t n_entries, n_old = 0, n_gone;
    g_autofree char *sql = NULL;

    if (!statement_integer(handle, "SELECT count(*) FROM history", &n_entries, error) ||
        (limits->age_ms && !count_old(handle, lived_ms - limits->age_ms, &n_old, error)))
        return false;
    n_gone = CLAMP(MAX(n_entries - (int64_t)limits->n_entries, n_old), 0, HISTORY_ROW_STEP);
    *ret_is_more = n_gone == HISTORY_ROW_STEP;
    if (n_gone == 0)
        return true;
    sql = g_strdup_printf("DELETE FROM history WHERE (place, name) IN (SELECT place, name FROM history ORDER"
                          " BY place, name LIMIT %d)",
                          (int)n_gone);
    return statement_execute(handle, sql, error) && prune_told(handle, error);
}
