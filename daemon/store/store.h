/* What survives a restart: pins, confirmed states, ancestors, the history of transitions and the outbox, in
 * one SQLite database (WAL) that a thread of its own writes. Calls never block but for store_open() and
 * store_close(). */
#ifndef DNDRIFT_STORE_STORE_H
#define DNDRIFT_STORE_STORE_H

#include <event2/event.h>

#include "judge/alert.h"
#include "judge/state.h"

struct store;

#define STORE_ERROR store_error_quark()
GQuark store_error_quark(void);
enum store_error {
    STORE_ERROR_DIRECTORY, /* the state directory cannot be used */
    STORE_ERROR_LOCKED,    /* a second daemon */
    STORE_ERROR_NEWER,     /* written by a newer version: nothing touched */
    STORE_ERROR_DATABASE
};

/* What one directory's wide alarm has announced. */
struct directory_notice {
    char *directory;
    bool is_unverifiable; /* UNVERIFIABLE @DIRECTORY is open */
    int64_t wall_since_ms;
    char *reason; /* one clause */
};

/* What store_open() found; the caller owns it. */
struct store_content {
    char *id;              /* of this store: first half of every alert id */
    uint64_t last_number;  /* the highest number an alert ever had */
    GPtrArray *states;     /* of struct watch_state */
    GHashTable *ancestors; /* "DIRECTORY\nIDENTITY" (char *) -> struct ancestor * */
    GPtrArray *notices;    /* of struct directory_notice */
    GPtrArray *outbox;     /* of struct alert, oldest first */
    char *rejected;        /* NULL, or one sentence: what was set aside, under which name, what was lost */
};

/* One transaction. Take and fill it, hand it to store_commit(). */
struct store_batch {
    GPtrArray *states;    /* of struct watch_state: written whole */
    GPtrArray *forgotten; /* of char *: watches whose state is dropped */
    GPtrArray *ancestors; /* of struct stored_ancestor */
    GPtrArray *notices;   /* of struct directory_notice */
    GPtrArray
        *alerts; /* of struct alert: each goes to history and outbox, numbers given by the caller, rising */
};

struct stored_ancestor {
    char *directory;
    struct ancestor *ancestor;
};

/* Opens or creates the database in `directory` (absolute), sets a broken one aside and restores the newest
 * good copy. NULL and a sentence otherwise. */
struct store *store_open(struct event_base *base, const char *directory, struct store_content **ret_content,
                         GError **error);

/* on_committed runs in the event loop: ok, or a failed commit whose alerts the caller now holds alone. The
 * batch is the callee's to keep or free. In order. */
typedef void (*store_committed_fn)(void *user, struct store_batch *batch, bool is_ok, const char *problem);
void store_commit(struct store *store, struct store_batch *batch, store_committed_fn on_committed,
                  void *user);

/* The outlet took the alert: its outbox row goes. Batched; loss of this note repeats the alert, never loses
 * it. */
void store_alert_sent(struct store *store, uint64_t number);

unsigned store_n_queued(const struct store *store); /* batches not committed yet */
uint64_t store_errors_total(const struct store *store);

/* Commits what is queued, for at most timeout_ms, and closes. */
void store_close(struct store *store, int64_t timeout_ms);

struct store_batch *store_batch_new(void);
void store_batch_free(struct store_batch *batch);
bool store_batch_is_empty(const struct store_batch *batch);
void store_content_free(struct store_content *content);
struct directory_notice *directory_notice_new(const char *directory);
void directory_notice_free(struct directory_notice *notice);
struct stored_ancestor *stored_ancestor_new(const char *directory,
                                            const struct ancestor *ancestor); /* copies */
void stored_ancestor_free(struct stored_ancestor *ancestor);
#endif
