/* One store_commit() or store_read_history() on its way to the thread and back. Owned by the side that holds
 * it. */
#ifndef DNDRIFT_STORE_JOB_H
#define DNDRIFT_STORE_JOB_H

#include "store/store.h"

struct job {
    struct store_batch *batch; /* to write; NULL: there is a query */
    store_committed_fn on_committed;
    struct history_query query;
    char *query_name; /* what its name borrows */
    struct history_page *page;
    history_answer_fn *on_answer;
    void *user;
    bool is_ok;
    char *problem; /* NULL if ok */
};

struct job *job_new(struct store_batch *batch, store_committed_fn on_committed, void *user);
struct job *job_new_query(const struct history_query *query, history_answer_fn *on_answer, void *user);
bool job_is_query(const struct job *job);

/* One that can be failed in its place while the thread hangs with it: a batch with its alerts, and
 * whom they are for. */
struct job *job_new_stand_in(const struct job *job);

void job_fail(struct job *job, const char *problem);
void job_finish(struct job *job); /* calls back, which takes the batch or the page, and frees the job */

#endif
