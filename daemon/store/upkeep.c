#include "store/upkeep.h"

#include "store/copy.h"
#include "store/history_row.h"
#include "store/statement.h"

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
    upkeep->prune_due_us = 0;
    upkeep->limits = (struct history_limits){.n_entries = G_MAXUINT};
}

void upkeep_note_change(struct upkeep *upkeep)
{
    upkeep->is_changed = true;
}

/* New ones are met at once. */
void upkeep_limit(struct upkeep *upkeep, const struct history_limits *limits)
{
    if (limits->age_ms == upkeep->limits.age_ms && limits->n_entries == upkeep->limits.n_entries)
        return;
    upkeep->limits = *limits;
    upkeep->prune_due_us = 0;
}

void upkeep_note_rescue(struct upkeep *upkeep)
{
    upkeep->copy_due_us = 0;
}

gint64 upkeep_due_us(const struct upkeep *upkeep)
{
    return upkeep->is_changed ? MIN(upkeep->copy_due_us, upkeep->prune_due_us) : upkeep->prune_due_us;
}

/* Cuts off room that entries gave back, once it is a good part of the file: new ones take the rest. */
static bool upkeep_shrink(sqlite3 *handle, bool *ret_is_more, GError **error)
{
    static const char *const cut = "PRAGMA incremental_vacuum(" G_STRINGIFY(UPKEEP_STEP_PAGES) ")";
    int64_t n_free, n_pages;

    if (!statement_integer(handle, "PRAGMA freelist_count", &n_free, error) ||
        !statement_integer(handle, "PRAGMA page_count", &n_pages, error))
        return false;
    *ret_is_more = n_free > UPKEEP_STEP_PAGES && n_free > n_pages / 4;
    return !*ret_is_more || statement_execute(handle, cut, error);
}

static bool upkeep_prune(struct upkeep *upkeep, sqlite3 *handle, int64_t lived_ms, GError **error)
{
    bool is_more = false;

    upkeep->prune_due_us = g_get_monotonic_time() + UPKEEP_INTERVAL_US;
    if (!history_row_prune(handle, &upkeep->limits, lived_ms, &is_more, error) ||
        (!is_more && !upkeep_shrink(handle, &is_more, error)))
        return false;
    if (is_more)
        upkeep->prune_due_us = 0;
    return true;
}

static bool upkeep_copy(struct upkeep *upkeep, sqlite3 *handle, GError **error)
{
    upkeep->copy_due_us = g_get_monotonic_time() + UPKEEP_INTERVAL_US;
    upkeep->is_changed = !copy_make(upkeep->folder, schema_current(), handle, FOLDER_COPY, error);
    return !upkeep->is_changed;
}

bool upkeep_run(struct upkeep *upkeep, sqlite3 *handle, int64_t lived_ms, GError **error)
{
    if (g_get_monotonic_time() >= upkeep->prune_due_us)
        return upkeep_prune(upkeep, handle, lived_ms, error);
    return upkeep_copy(upkeep, handle, error);
}

bool upkeep_end(struct upkeep *upkeep, sqlite3 *handle, GError **error)
{
    return !upkeep->is_changed || upkeep_copy(upkeep, handle, error);
}
