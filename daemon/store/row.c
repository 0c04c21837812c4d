#include "store/row.h"

#include "judge/alert.h"
#include "judge/verdict.h"
#include "store/statement.h"

static const char *column_names_of(enum column_type type, int value)
{
    switch (type) {
    case COLUMN_VERDICT:
        return verdict_name((enum verdict)value);
    case COLUMN_WORD:
        return word_name((enum word)value);
    case COLUMN_PHASE:
        return phase_name((enum phase)value);
    default:
        return reason_name((enum reason)value);
    }
}

static int column_value_of(enum column_type type, const char *name)
{
    switch (type) {
    case COLUMN_VERDICT:
        return (int)verdict_from_name(name);
    case COLUMN_WORD:
        return (int)word_from_name(name);
    case COLUMN_PHASE:
        return (int)phase_from_name(name);
    default:
        return (int)reason_from_name(name);
    }
}

static void column_bind(const struct column *column, sqlite3_stmt *statement, int position,
                        const void *record)
{
    const void *field = (const char *)record + column->offset;

    switch (column->type) {
    case COLUMN_TEXT:
        sqlite3_bind_text(statement, position, *(char *const *)field, -1, SQLITE_STATIC);
        break;
    case COLUMN_NUMBER:
        sqlite3_bind_int64(statement, position, *(const int64_t *)field);
        break;
    case COLUMN_INT:
        sqlite3_bind_int(statement, position, *(const int *)field);
        break;
    case COLUMN_BOOL:
        sqlite3_bind_int(statement, position, *(const bool *)field);
        break;
    default:
        sqlite3_bind_text(statement, position, column_names_of(column->type, *(const int *)field), -1,
                          SQLITE_STATIC);
    }
}

static void column_read(const struct column *column, sqlite3_stmt *statement, int position, void *record)
{
    void *field = (char *)record + column->offset;
    const char *text;

    switch (column->type) {
    case COLUMN_NUMBER:
        *(int64_t *)field = sqlite3_column_int64(statement, position);
        return;
    case COLUMN_INT:
        *(int *)field = sqlite3_column_int(statement, position);
        return;
    case COLUMN_BOOL:
        *(bool *)field = sqlite3_column_int(statement, position) != 0;
        return;
    default:
        text = (const char *)sqlite3_column_text(statement, position);
    }
    if (column->type == COLUMN_TEXT) {
        g_free(*(char **)field);
        *(char **)field = g_strdup(text);
    } else {
        *(int *)field = text ? column_value_of(column->type, text) : 0;
    }
}

static char *row_sql(const struct table *table, const char *before, const char *after)
{
    GString *sql = g_string_new(before);

    for (int i = 0; i < table->n_columns; i++)
        g_string_append_printf(sql, "%s%s", i ? ", " : "", table->columns[i].name);
    g_string_append(sql, after);
    return g_string_free(sql, FALSE);
}

static char *row_insert_sql(const struct table *table, bool is_replacing)
{
    g_autofree char *before =
        g_strdup_printf("INSERT %sINTO %s(", is_replacing ? "OR REPLACE " : "", table->name);
    g_autoptr(GString) after = g_string_new(") VALUES(");

    for (int i = 0; i < table->n_columns; i++)
        g_string_append(after, i ? ", ?" : "?");
    g_string_append_c(after, ')');
    return row_sql(table, before, after->str);
}

bool row_write(sqlite3 *handle, const struct table *table, bool is_replacing, GPtrArray *records,
               GError **error)
{
    g_autofree char *sql = NULL;
    g_autoptr(sqlite3_stmt) statement = NULL;

    if (records->len == 0)
        return true;
    sql = row_insert_sql(table, is_replacing);
    statement = statement_new(handle, sql, error);
    if (!statement)
        return false;
    for (guint i = 0; i < records->len; i++) {
        for (int c = 0; c < table->n_columns; c++)
            column_bind(&table->columns[c], statement, c + 1, records->pdata[i]);
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}

sqlite3_stmt *row_select(sqlite3 *handle, const struct table *table, const char *after, GError **error)
{
    g_autofree char *from = g_strdup_printf(" FROM %s %s", table->name, after);
    g_autofree char *sql = row_sql(table, "SELECT ", from);

    return statement_new(handle, sql, error);
}

void row_read(const struct table *table, sqlite3_stmt *statement, void *record)
{
    for (int c = 0; c < table->n_columns; c++)
        column_read(&table->columns[c], statement, c, record);
}

bool row_load(sqlite3 *handle, const struct table *table, const char *order_by, row_make_fn make,
              row_take_fn take, void *user, GError **error)
{
    g_autofree char *after = g_strconcat("ORDER BY ", order_by, NULL);
    g_autoptr(sqlite3_stmt) statement = row_select(handle, table, after, error);
    bool is_failed = !statement;

    while (!is_failed && statement_next(statement, &is_failed, error)) {
        void *record = make();

        row_read(table, statement, record);
        take(user, record);
    }
    return !is_failed;
}
