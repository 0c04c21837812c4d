/* The tables `history` and `told`: every transition of the confirmed state, and which outlet took the alert
 * of it when.
 */
#ifndef DNDRIFT_STORE_HISTORY_ROW_H
#define DNDRIFT_STORE_HISTORY_ROW_H

#include <sqlite3.h>

#include "judge/history.h"
#include "store/row.h"

#define HISTORY_ROW_MAX_BYTES (1024 * 1024) /* of text on a page: what is left goes on the next one */
#define HISTORY_ROW_STEP      500           /* rows dropped in one transaction */

/* An alert is a struct history_entry as far as HISTORY_ROW_ALERT_COLUMNS goes: so much of it has the outbox,
 * too. */
#define HISTORY_ROW_ALERT_COLUMNS 17
extern const struct column history_row_columns[];

/* What is written beside an alert. */
struct history_mark {
    const char *store_id; /* first half of alert ids */
    int64_t lived_ms;     /* see struct history_entry */
};

/* A place or number that is there already fails with FAULT_CONSTRAINT, unless is_replacing. */
bool history_row_write(sqlite3 *handle, GPtrArray *alerts, bool is_replacing, const struct history_mark *mark,
                       GError **error);

/* Who was told, by these receipts (struct receipt). */
bool history_row_note(sqlite3 *handle, const GArray *receipts, GError **error);

/* Where the newest entry stands, and how long daemons had run on this database when it was written; 0 for
 * none.
 */
bool history_row_newest(sqlite3 *handle, uint64_t *ret_place, int64_t *ret_lived_ms, GError **error);

/* The members of alerts that still wait, number (int64_t *) -> GPtrArray of struct alert. */
bool history_row_load_members(sqlite3 *handle, GHashTable *members, GError **error);

/* NULL and a sentence if it cannot be read. */
struct history_page *history_row_read(sqlite3 *handle, const struct history_query *query, GError **error);

/* Drops HISTORY_ROW_STEP of what is beyond the limits at most; *ret_is_more: call again. Age is the time that
 * daemons have run since, by a clock that nobody sets: a wall clock that is wrong deletes nothing. */
bool history_row_prune(sqlite3 *handle, const struct history_limits *limits, int64_t lived_ms,
                       bool *ret_is_more, GError **error);

#endif
