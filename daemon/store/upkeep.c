#include "store/upkeep.h"

#include "store/alert_row.h"
#include "store/copy.h"

/* The copy of an earlier run counts: a daemon that restarts often need not copy each time. */
static gint64 upkeep_first_copy(const struct folder *folder)
{
    struct stat status;
    gint64 age_us;

    if (!folder_stat(folder, FOLDER_COPY, &status))
        return 0;
    age_us = g_get_real_time() - (gint64)status.st_mtim.tv_sec * G_USEC_PER_SEC;
    return g_get_monotonic_time() + CLAMP(UPKEEP_INTERVAL_US - age_us, 0, UPKEEP_INTERVAL_US);
}

void upkeep_init(struct upkeep *upkeep, const struct folder *folder)
{
    upkeep->folder = folder;
    upkeep->is_changed = false;
    upkeep->copy_due_us = upkeep_first_copy(folder);
}

void upkeep_note_change(struct upkeep *upkeep)
{
    upkeep->is_changed = true;
}

void upkeep_note_rescue(struct upkeep *upkeep)
{
    upkeep->copy_due_us = 0;
}

gint64 upkeep_due_us(const struct upkeep *upkeep)
{
    return upkeep->is_changed ? upkeep->copy_due_us : G_MAXINT64;
}

static bool upkeep_prune(sqlite3 *handle, GError **error)
{
    bool is_more = true;

    while (is_more)
        if (!alert_row_prune(handle, &is_more, error))
            return false;
    return true;
}

bool upkeep_run(struct upkeep *upkeep, sqlite3 *handle, GError **error)
{
    if (!upkeep->is_changed)
        return true;
    upkeep->copy_due_us = g_get_monotonic_time() + UPKEEP_INTERVAL_US;
    upkeep->is_changed = !upkeep_prune(handle, error) ||
                         !copy_make(upkeep->folder, schema_current(), handle, FOLDER_COPY, error);
    return !upkeep->is_changed;
}
