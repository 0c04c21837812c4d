#include "store/database.h"

#include "store/alert_row.h"
#include "store/ancestor_row.h"
#include "store/copy.h"
#include "store/delivery_row.h"
#include "store/fault.h"
#include "store/notice_row.h"
#include "store/server_row.h"
#include "store/state_row.h"
#include "store/statement.h"

#include <errno.h>

#define BUSY_TIMEOUT_MS 2000 /* somebody looks at it with sqlite3(1) */

bool database_check(sqlite3 *handle, GError **error)
{
    g_autofree char *verdict = NULL;

    if (!statement_text(handle, "PRAGMA integrity_check(1)", &verdict, error))
        return false;
    if (g_strcmp0(verdict, "ok") == 0)
        return true;
    g_set_error(error, FAULT, FAULT_BROKEN, "it is damaged: %s", verdict ? verdict : "no answer");
    return false;
}

static bool database_connect(struct database *database, GError **error)
{
    g_autofree char *path = folder_file_path(database->folder, FOLDER_DATABASE);
    struct stat status;

    if (!folder_create_file(database->folder, FOLDER_DATABASE) ||
        !folder_stat(database->folder, FOLDER_DATABASE, &status)) {
        g_set_error(error, FAULT, FAULT_LOST, "%s cannot be opened: %s", path, g_strerror(errno));
        return false;
    }
    database->device = status.st_dev;
    database->inode = status.st_ino;
    if (sqlite3_open_v2(path, &database->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL) !=
        SQLITE_OK)
        return fault_set(error, database->handle, "the state database cannot be opened");
    sqlite3_busy_timeout(database->handle, BUSY_TIMEOUT_MS);
    /* Until it is known to be ours, closing must leave the file and its log as they were. */
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return true;
}

/* Room that is given back can be cut off at the end of the file, a little at a time. On one that was made
 * without that it takes effect when everything is written afresh; where there is no room for that it stays as
 * it is. */
static void database_make_shrinkable(const struct database *database)
{
    int64_t way = 0;

    if (statement_integer(database->handle, "PRAGMA auto_vacuum", &way, NULL) && way == 0)
        statement_execute(database->handle, "PRAGMA auto_vacuum = INCREMENTAL; VACUUM", NULL);
}

static bool database_use_log(const struct database *database, GError **error)
{
    g_autofree char *mode = NULL;

    if (!statement_text(database->handle, "PRAGMA journal_mode = WAL", &mode, error))
        return false;
    if (g_strcmp0(mode, "wal") == 0)
        return statement_execute(database->handle,
                                 "PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY", error) &&
               database_set_durable(database, true, error);
    g_set_error_literal(error, FAULT, FAULT_LOST, "the state database cannot keep a write-ahead log there");
    return false;
}

static bool database_bring_up(const struct database *database, const struct schema *schema, GError **error)
{
    g_autofree char *name = NULL;
    int version;

    if (!schema_inspect(schema, database->handle, &version, error) ||
        !database_check(database->handle, error) ||
        (version == 0 && !statement_execute(database->handle, "PRAGMA auto_vacuum = INCREMENTAL", error)) ||
        !database_use_log(database, error))
        return false;
    if (version > 0 && version < schema->version) {
        name = g_strdup_printf("%s.version-%d", FOLDER_DATABASE, version);
        if (!copy_make(database->folder, schema, database->handle, name, error))
            return false;
    }
    if (!schema_upgrade(schema, database->handle, version, error))
        return false;
    database_make_shrinkable(database);
    return true;
}

struct database *database_open(const struct folder *folder, const struct schema *schema, GError **error)
{
    g_autoptr(database_t) database = g_new0(struct database, 1);

    database->folder = folder;
    if (!database_connect(database, error) || !database_bring_up(database, schema, error))
        return NULL;
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return g_steal_pointer(&database);
}

void database_free(struct database *database)
{
    if (!database)
        return;
    sqlite3_close(database->handle);
    g_free(database);
}

bool database_is_in_place(const struct database *database)
{
    struct stat status;

    return folder_stat(database->folder, FOLDER_DATABASE, &status) && status.st_dev == database->device &&
           status.st_ino == database->inode;
}

bool database_set_durable(const struct database *database, bool is_durable, GError **error)
{
    return statement_execute(database->handle,
                             is_durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error);
}

bool database_set_id(const struct database *database, const char *id, GError **error)
{
    g_autofree char *fresh = id ? g_strdup(id) : g_strdup_printf("%08x", g_random_int());
    g_autoptr(sqlite3_stmt) statement =
        statement_new(database->handle, "INSERT OR REPLACE INTO meta(name, value) VALUES('id', ?)", error);

    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, fresh, -1, SQLITE_STATIC);
    return statement_run(statement, error);
}

static bool database_load_id(const struct database *database, char **ret_id, GError **error)
{
    const char *sql = "SELECT value FROM meta WHERE name = 'id'";

    if (!statement_text(database->handle, sql, ret_id, error))
        return false;
    return *ret_id ||
           (database_set_id(database, NULL, error) && statement_text(database->handle, sql, ret_id, error));
}

struct store_content *database_load(const struct database *database, GError **error)
{
    struct store_content *content = store_content_new();
    sqlite3 *handle = database->handle;

    if (database_load_id(database, &content->id, error) &&
        alert_row_last_number(handle, &content->last_number, error) &&
        history_row_newest(handle, &content->last_place, &content->lived_ms, error) &&
        state_row_load(handle, content->states, error) &&
        ancestor_row_load(handle, content->ancestors, error) &&
        notice_row_load(handle, content->notices, error) &&
        server_row_load(handle, content->servers, error) && delivery_row_clean(handle, error) &&
        alert_row_load(handle, content->outbox, error) &&
        delivery_row_load(handle, content->outlets, error) &&
        history_row_load_members(handle, content->members, error))
        return content;
    store_content_free(content);
    return NULL;
}

bool database_write(const struct database *database, const struct store_batch *batch,
                    const struct history_mark *mark, GError **error)
{
    sqlite3 *handle = database->handle;

    return (!batch->is_whole || statement_execute(handle, "DELETE FROM watch", error)) &&
           state_row_forget(handle, batch->forgotten, error) &&
           state_row_write(handle, batch->states, error) &&
           ancestor_row_write(handle, batch->ancestors, error) &&
           notice_row_write(handle, batch->notices, error) &&
           server_row_write(handle, batch->servers, error) &&
           alert_row_write(handle, batch->alerts, batch->outlets, error) &&
           history_row_write(handle, batch->alerts, false, mark, error) &&
           history_row_write(handle, batch->history, true, mark, error);
}
