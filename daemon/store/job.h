/* One store_commit() on its way to the thread and back. Owned by the side that holds it. */
#ifndef DNDRIFT_STORE_JOB_H
#define DNDRIFT_STORE_JOB_H

#include "store/store.h"

struct job {
    struct store_batch *batch;
    store_committed_fn on_committed;
    void *user;
    bool is_ok;
    char *problem; /* NULL if ok */
};

struct job *job_new(struct store_batch *batch, store_committed_fn on_committed, void *user);
void job_fail(struct job *job, const char *problem);
void job_finish(struct job *job); /* calls on_committed, which takes the batch, and frees the job */

#endif
