/* What survives a restart: pins, confirmed states, ancestors, the history of transitions and the outbox, in
 * one SQLite database (WAL) that a thread of its own writes. Calls never block but for store_open() and
 * store_close(). */
#ifndef DNDRIFT_STORE_STORE_H
#define DNDRIFT_STORE_STORE_H

#include <event2/event.h>

#include "judge/history.h"
#include "store/batch.h"
#include "store/content.h"

#define STORE_MAX_QUEUED  10000 /* batches; more can only wait when the disk hangs */
#define STORE_MAX_QUERIES 64    /* more are failed at once */

struct store;

#define STORE_ERROR store_error_quark()
GQuark store_error_quark(void);
enum store_error {
    STORE_ERROR_DIRECTORY, /* the state directory cannot be used */
    STORE_ERROR_LOCKED,    /* a second daemon */
    STORE_ERROR_NEWER,     /* written by a newer version: nothing touched */
    STORE_ERROR_DATABASE
};

/* Opens or creates the database in `directory` (absolute), sets a broken one aside and restores the newest
 * good copy. NULL and a sentence otherwise. */
struct store *store_open(struct event_base *base, const char *directory, struct store_content **ret_content,
                         GError **error);

/* on_committed runs in the event loop: ok, or a failed commit whose alerts the caller now holds alone;
 * problem is a sentence. The batch is the callee's to keep or free. In order, but for a batch over
 * STORE_MAX_QUEUED, which fails ahead of those that wait. After a failure the next batch is tried afresh. A
 * database found broken while in use is set aside and its newest copy put in place as at the start; the
 * commit that found it fails, its problem says what was lost, and the states that the caller holds are best
 * committed again. */
typedef void (*store_committed_fn)(void *user, struct store_batch *batch, bool is_ok, const char *problem);
void store_commit(struct store *store, struct store_batch *batch, store_committed_fn on_committed,
                  void *user);

/* The outlet (g_intern_string()) took the alert at that time: its row goes, and the history says who was
 * told. Time 0: it never will, or that was said before. Batched; loss of this note repeats the alert, never
 * loses it. */
void store_alert_sent(struct store *store, const char *outlet, uint64_t number, int64_t wall_told_ms);

/* ... but it may have lost it since: the history says who was told, the row stays. */
void store_alert_told(struct store *store, const char *outlet, uint64_t number, int64_t wall_told_ms);

/* What is asked after a commit sees it. The answer comes in the event loop. */
void store_read_history(struct store *store, const struct history_query *query, history_answer_fn *on_answer,
                        void *user);

/* From now on no more of it is kept; all of it before the first call. */
void store_limit_history(struct store *store, const struct history_limits *limits);

unsigned store_n_queued(const struct store *store); /* batches and queries that were not answered yet */
uint64_t store_errors_total(const struct store *store);

/* Waits until all that is queued is committed, for at most timeout_ms, and calls on_committed for it. */
void store_flush(struct store *store, int64_t timeout_ms);

/* Commits what is queued, for at most timeout_ms, and closes. Calls on_committed for every batch that had no
 * answer yet, failed if time ran out. */
void store_close(struct store *store, int64_t timeout_ms);

#endif
