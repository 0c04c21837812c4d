#include "store/rescue.h"

#include "store/copy.h"
#include "store/fault.h"

#include <errno.h>

#define MAX_NAMES 1000 /* set aside within one second */

/* The database first: were its log gone and the process killed, it would pass for sound without its last
 * commits. */
static const char *const companions[] = {"", "-wal", "-shm", "-journal"};

/* A first start, or is something left of an earlier one? A journal is not: only the making of a database
 * keeps one, and a first start that was killed in the middle of it leaves nothing else. */
static bool rescue_has_remains(const struct folder *folder)
{
    struct stat status;

    return folder_stat(folder, FOLDER_COPY, &status) || folder_stat(folder, FOLDER_DATABASE "-wal", &status);
}

/* Why the database must not even be opened; NULL: nothing against it. */
static const char *rescue_reason(const struct folder *folder)
{
    const char *why = NULL;
    struct stat status;

    for (unsigned i = 0; i < G_N_ELEMENTS(companions); i++) {
        g_autofree char *name = g_strconcat(FOLDER_DATABASE, companions[i], NULL);

        if (folder_file_kind(folder, name, &why) == FILE_STRANGE)
            return why;
    }
    if (!folder_stat(folder, FOLDER_DATABASE, &status))
        return rescue_has_remains(folder) ? "it is missing" : NULL;
    return status.st_size == 0 && rescue_has_remains(folder) ? "it is empty" : NULL;
}

static bool rescue_set_aside_as(const struct folder *folder, const char *base, GError **error)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(companions); i++) {
        g_autofree char *from = g_strconcat(FOLDER_DATABASE, companions[i], NULL);
        g_autofree char *to = g_strconcat(base, companions[i], NULL);
        struct stat status;

        if (!folder_stat(folder, from, &status) || folder_rename(folder, from, to, false))
            continue;
        g_set_error(error, FAULT, FAULT_LOST, "%s/%s cannot be set aside: %s", folder->path, from,
                    g_strerror(errno));
        return false;
    }
    return true;
}

static bool rescue_is_free(const struct folder *folder, const char *base)
{
    struct stat status;

    for (unsigned i = 0; i < G_N_ELEMENTS(companions); i++) {
        g_autofree char *name = g_strconcat(base, companions[i], NULL);

        if (folder_stat(folder, name, &status))
            return false;
    }
    return true;
}

/* state.db.rejected-20261123T201500Z, with -2, -3 ... if that name is taken. */
static char *rescue_name(const struct folder *folder)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
    char *name = g_strdup_printf("%s.rejected-%s", FOLDER_DATABASE, time);

    for (int i = 2; i < MAX_NAMES && !rescue_is_free(folder, name); i++) {
        g_free(name);
        name = g_strdup_printf("%s.rejected-%s-%d", FOLDER_DATABASE, time, i);
    }
    return name;
}

static char *rescue_sentence(const struct folder *folder, const char *reason, const char *name,
                             int64_t wall_copied_ms)
{
    g_autofree char *time = wall_time_format(wall_copied_ms);
    g_autofree char *aside = name ? g_strdup_printf(" and was set aside as %s/%s", folder->path, name) : NULL;

    if (time)
        return g_strdup_printf(
            "the state database %s/%s cannot be used: %s%s. Its copy of %s took its place: "
            "what changed since then is lost",
            folder->path, FOLDER_DATABASE, reason, aside ? aside : "", time);
    return g_strdup_printf(
        "the state database %s/%s cannot be used: %s%s. There is no good copy: pins, history "
        "and alerts not sent yet are lost, and every watch is pinned anew",
        folder->path, FOLDER_DATABASE, reason, aside ? aside : "");
}

struct database *rescue_replace(const struct folder *folder, const struct schema *schema, const char *reason,
                                char **ret_rejected, GError **error)
{
    bool is_there = folder_file_kind(folder, FOLDER_DATABASE, NULL) != FILE_ABSENT;
    g_autofree char *name = rescue_name(folder);
    int64_t wall_copied_ms = 0;
    struct database *database;

    if (!rescue_set_aside_as(folder, name, error))
        return NULL;
    copy_restore(folder, schema, &wall_copied_ms);
    database = database_open(folder, schema, error);
    if (database)
        *ret_rejected = rescue_sentence(folder, reason, is_there ? name : NULL, wall_copied_ms);
    return database;
}

struct database *rescue_open(const struct folder *folder, const struct schema *schema, char **ret_rejected,
                             GError **error)
{
    g_autoptr(GError) fault = NULL;
    const char *reason = rescue_reason(folder);
    struct database *database = reason ? NULL : database_open(folder, schema, &fault);

    *ret_rejected = NULL;
    if (database)
        return database;
    if (!reason && !g_error_matches(fault, FAULT, FAULT_BROKEN)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    return rescue_replace(folder, schema, reason ? reason : fault->message, ret_rejected, error);
}
