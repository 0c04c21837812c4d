#include "store/notice_row.h"

#include "store/batch.h"
#include "store/row.h"

static const struct column columns[] = {
    {"directory", COLUMN_TEXT, offsetof(struct directory_notice, directory)},
    {"is_unverifiable", COLUMN_BOOL, offsetof(struct directory_notice, is_unverifiable)},
    {"wall_since_ms", COLUMN_NUMBER, offsetof(struct directory_notice, wall_since_ms)},
    {"reason", COLUMN_TEXT, offsetof(struct directory_notice, reason)},
};

static const struct table table = {"notice", columns, G_N_ELEMENTS(columns)};

bool notice_row_write(sqlite3 *handle, GPtrArray *notices, GError **error)
{
    return row_write(handle, &table, true, notices, error);
}

static void *notice_make(void)
{
    return directory_notice_new(NULL);
}

static void notice_take(void *user, void *record)
{
    struct directory_notice *notice = record;

    if (notice->directory)
        g_ptr_array_add(user, notice);
    else
        directory_notice_free(notice);
}

bool notice_row_load(sqlite3 *handle, GPtrArray *notices, GError **error)
{
    return row_load(handle, &table, "directory", notice_make, notice_take, notices, error);
}
