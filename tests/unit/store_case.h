/* A store in a temporary directory, used like the daemon uses it but waited for: what the store tests share.
 */
#ifndef DNDRIFT_TESTS_STORE_CASE_H
#define DNDRIFT_TESTS_STORE_CASE_H

#include <sqlite3.h>

#include "store/store.h"

struct store_case {
    char *folder;
    char *directory; /* the state directory in it */
    struct event_base *base;
    struct store *store;           /* NULL: closed */
    struct store_content *content; /* of the last opening */
    GError *error;                 /* of the last opening, if it failed */
    GArray *results;               /* of bool, in the order of the answers */
    char *problem;                 /* of the last failed commit */
    GPtrArray *answered;           /* of struct store_batch, likewise */
};

int store_case_set_up(void **state);
int store_case_tear_down(void **state);

bool store_case_open(struct store_case *store_case);
void store_case_close(struct store_case *store_case);
void store_case_must_open(struct store_case *store_case);
void store_case_reopen(struct store_case *store_case);

/* Hands the batch over; store_case_settle() waits for all answers. */
void store_case_commit(struct store_case *store_case, struct store_batch *batch);
void store_case_settle(struct store_case *store_case);
bool store_case_last_result(const struct store_case *store_case);

/* What is answered to a query of the history, and a page of it, waited for: the caller owns that. */
struct store_case_answer {
    struct history_page *page;
    char *problem;
    bool is_there;
};
void store_case_on_answer(void *user, struct history_page *page, const char *problem);
struct history_page *store_case_ask(struct store_case *store_case, const char *name, uint64_t before,
                                    unsigned limit);

/* The file of that name in the state directory. g_free() the path. */
char *store_case_path(const struct store_case *store_case, const char *name);
bool store_case_has_file(const struct store_case *store_case, const char *name);
/* The one file whose name begins so, not counting -wal and -shm; NULL: none. */
char *store_case_find(const struct store_case *store_case, const char *beginning);
/* Runs SQL on the closed database. */
void store_case_sql(const struct store_case *store_case, const char *sql);
int store_case_count(const struct store_case *store_case, const char *sql);

/* A state in which every kept field is set, and one in which none is. */
struct watch_state *full_state(const char *watch);
struct alert *full_alert(uint64_t number);
void batch_take_state(struct store_batch *batch, struct watch_state *state);
struct store_batch *batch_of_state(const char *watch);
struct store_batch *batch_take_alert(struct alert *alert); /* for the outlet "syslog" */
struct store_batch *batch_of_alert(uint64_t number);

#endif
