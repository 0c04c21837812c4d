#include "store/copy.h"

#include "store/database.h"
#include "store/fault.h"
#include "store/statement.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define UNFINISHED FOLDER_COPY ".new"

/* Nothing is written beside an immutable file: no log, no lock. */
static sqlite3 *copy_connect(const struct folder *folder, const char *name, GError **error)
{
    g_autofree char *path = folder_file_path(folder, name);
    g_autofree char *uri = g_filename_to_uri(path, NULL, error);
    g_autofree char *immutable = uri ? g_strconcat(uri, "?immutable=1", NULL) : NULL;
    sqlite3 *handle = NULL;

    if (!immutable)
        return NULL;
    if (sqlite3_open_v2(immutable, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW,
                        NULL) == SQLITE_OK)
        return handle;
    fault_set(error, handle, "the copy of the state database cannot be opened");
    sqlite3_close(handle);
    return NULL;
}

static bool copy_is_good(const struct folder *folder, const struct schema *schema, const char *name,
                         GError **error)
{
    sqlite3 *handle = copy_connect(folder, name, error);
    int version = 0;
    bool is_good = handle && schema_inspect(schema, handle, &version, error) && database_check(handle, error);

    if (is_good && version == 0) {
        g_set_error_literal(error, FAULT, FAULT_BROKEN, "the copy of the state database is empty");
        is_good = false;
    }
    sqlite3_close(handle);
    return is_good;
}

static bool copy_pages(sqlite3 *from, sqlite3 *to, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int result = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;

    sqlite3_backup_finish(backup);
    return result == SQLITE_DONE || fault_set(error, to, "the state database cannot be copied");
}

/* Numbers that were given after this moment would be given again by a restored copy: another id keeps alert
 * ids unique. Leaving the log first makes it one file. */
static bool copy_rename_store(sqlite3 *copy, GError **error)
{
    return statement_execute(copy,
                             "PRAGMA journal_mode = OFF;"
                             "UPDATE meta SET value = lower(hex(randomblob(4))) WHERE name = 'id'",
                             error);
}

static bool copy_sync(const struct folder *folder, GError **error)
{
    int fd = openat(folder->fd, UNFINISHED, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;

    if (!is_synced)
        g_set_error(error, FAULT, FAULT_PASSING, "the copy of the state database cannot be written: %s",
                    g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return is_synced;
}

static void copy_remove_unfinished(const struct folder *folder)
{
    folder_remove(folder, UNFINISHED);
    folder_remove(folder, UNFINISHED "-wal");
    folder_remove(folder, UNFINISHED "-shm");
}

/* Without a journal of its own: an unfinished copy is thrown away, never repaired. */
static bool copy_write(const struct folder *folder, sqlite3 *from, GError **error)
{
    g_autofree char *path = folder_file_path(folder, UNFINISHED);
    sqlite3 *to = NULL;
    bool is_ok;

    copy_remove_unfinished(folder);
    if (!folder_create_file(folder, UNFINISHED)) {
        g_set_error(error, FAULT, FAULT_PASSING, "%s cannot be written: %s", path, g_strerror(errno));
        return false;
    }
    is_ok = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL) == SQLITE_OK
                ? statement_execute(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", error) &&
                      copy_pages(from, to, error) && copy_rename_store(to, error)
                : fault_set(error, to, "the copy of the state database cannot be opened");
    sqlite3_close(to);
    return is_ok && copy_sync(folder, error);
}

bool copy_make(const struct folder *folder, const struct schema *schema, sqlite3 *handle, const char *name,
               GError **error)
{
    if (copy_write(folder, handle, error) && copy_is_good(folder, schema, UNFINISHED, error)) {
        if (folder_rename(folder, UNFINISHED, name, true))
            return true;
        g_set_error(error, FAULT, FAULT_PASSING, "the copy of the state database cannot be put in place: %s",
                    g_strerror(errno));
    }
    copy_remove_unfinished(folder);
    return false;
}

bool copy_restore(const struct folder *folder, const struct schema *schema, int64_t *ret_wall_made_ms)
{
    struct stat status;

    if (folder_file_kind(folder, FOLDER_COPY, NULL) != FILE_OURS ||
        !copy_is_good(folder, schema, FOLDER_COPY, NULL) || !folder_stat(folder, FOLDER_COPY, &status) ||
        !folder_rename(folder, FOLDER_COPY, FOLDER_DATABASE, false))
        return false;
    *ret_wall_made_ms = (int64_t)status.st_mtim.tv_sec * 1000;
    return true;
}
