#include "store/server_row.h"

#include "store/batch.h"
#include "store/row.h"
#include "store/statement.h"

static const struct column columns[] = {
    {"directory", COLUMN_TEXT, offsetof(struct server_notice, directory)},
    {"server", COLUMN_TEXT, offsetof(struct server_notice, server)},
    {"wall_certificate_ms", COLUMN_NUMBER, offsetof(struct server_notice, wall_certificate_ms)},
};

static const struct table table = {"server", columns, G_N_ELEMENTS(columns)};

static bool server_row_prune(sqlite3 *handle, int64_t wall_ms, GError **error)
{
    g_autofree char *sql = g_strdup_printf(
        "DELETE FROM server WHERE wall_certificate_ms NOT BETWEEN %" G_GINT64_FORMAT " AND %" G_GINT64_FORMAT,
        wall_ms - SERVER_ROW_KEPT_MS, wall_ms + SERVER_ROW_KEPT_MS);

    return statement_execute(handle, sql, error);
}

bool server_row_write(sqlite3 *handle, GPtrArray *notices, GError **error)
{
    if (!row_write(handle, &table, true, notices, error))
        return false;
    for (guint i = 0; i < notices->len; i++) {
        const struct server_notice *notice = notices->pdata[i];

        if (!server_row_prune(handle, notice->wall_certificate_ms, error))
            return false;
    }
    return true;
}

static void *notice_make(void)
{
    return server_notice_new(NULL, NULL, 0);
}

static void notice_take(void *user, void *record)
{
    struct server_notice *notice = record;

    if (notice->directory && notice->server)
        g_ptr_array_add(user, notice);
    else
        server_notice_free(notice);
}

bool server_row_load(sqlite3 *handle, GPtrArray *notices, GError **error)
{
    return row_load(handle, &table, "directory, server", notice_make, notice_take, notices, error);
}
