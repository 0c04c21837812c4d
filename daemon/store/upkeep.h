/* What the database needs from time to time when there was change: old history dropped, and a copy. Owned by
 * the writer; runs in its thread. */
#ifndef DNDRIFT_STORE_UPKEEP_H
#define DNDRIFT_STORE_UPKEEP_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "store/folder.h"

#define UPKEEP_INTERVAL_US (600 * G_USEC_PER_SEC)

struct upkeep {
    const struct folder *folder; /* borrowed */
    bool is_changed;             /* since the last copy */
    gint64 copy_due_us;          /* g_get_monotonic_time(), if there was change */
};

void upkeep_init(struct upkeep *upkeep, const struct folder *folder);
void upkeep_note_change(struct upkeep *upkeep);
void upkeep_note_rescue(struct upkeep *upkeep); /* the copy became the database: there is none now */

/* When to call upkeep_run(); G_MAXINT64: not before the next change. */
gint64 upkeep_due_us(const struct upkeep *upkeep);

/* Prunes and copies if there was change, due or not. */
bool upkeep_run(struct upkeep *upkeep, sqlite3 *handle, GError **error);

#endif
