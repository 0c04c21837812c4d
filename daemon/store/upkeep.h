/* What the database needs from time to time: history beyond its limits dropped, and a copy when there was
 * change. A little at a time; owned by the writer, runs in its thread. */
#ifndef DNDRIFT_STORE_UPKEEP_H
#define DNDRIFT_STORE_UPKEEP_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "judge/history.h"
#include "store/folder.h"

#define UPKEEP_INTERVAL_US (600 * G_USEC_PER_SEC)
#define UPKEEP_STEP_PAGES  256

struct upkeep {
    const struct folder *folder; /* borrowed */
    bool is_changed;             /* since the last copy */
    gint64 copy_due_us;          /* g_get_monotonic_time(), if there was change */
    gint64 prune_due_us;
    struct history_limits limits;
};

void upkeep_init(struct upkeep *upkeep, const struct folder *folder);
void upkeep_note_change(struct upkeep *upkeep);
void upkeep_limit(struct upkeep *upkeep, const struct history_limits *limits);
void upkeep_note_rescue(struct upkeep *upkeep); /* the copy became the database: there is none now */

/* When to call upkeep_run(). */
gint64 upkeep_due_us(const struct upkeep *upkeep);

/* Does one thing of what is due: the rest stays due. */
bool upkeep_run(struct upkeep *upkeep, sqlite3 *handle, int64_t lived_ms, GError **error);

/* Copies if there was change, due or not. */
bool upkeep_end(struct upkeep *upkeep, sqlite3 *handle, GError **error);

#endif
