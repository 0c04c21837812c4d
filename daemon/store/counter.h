/* The counter between the event loop and the thread that writes: batches are handed in over it, results
 * handed back, a queue each under one lock. Owned by the store; only the functions marked so are for the
 * thread. */
#ifndef DNDRIFT_STORE_COUNTER_H
#define DNDRIFT_STORE_COUNTER_H

#include "store/store.h"

/* One store_commit() on its way there and back. */
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

struct counter;

struct counter *counter_new(void);
void counter_free(struct counter *counter); /* both sides are done with it */

int counter_done_fd(const struct counter *counter); /* readable when a result is there */
void counter_put(struct counter *counter, struct job *job);
void counter_put_sent(struct counter *counter, uint64_t number);
struct job *counter_pop_done(struct counter *counter); /* NULL: none; then the fd is no longer readable */
unsigned counter_n_open(struct counter *counter);      /* put and not popped */

/* Waits until everything that was put is answered, or the thread has left; false: time ran out. */
bool counter_wait_answered(struct counter *counter, int64_t timeout_ms);
bool counter_wait_left(struct counter *counter, int64_t timeout_ms);

void counter_stop(struct counter *counter);    /* the thread leaves when nothing is left to write */
void counter_abandon(struct counter *counter); /* what still waits is answered as failed */

/* --- for the thread */

/* Waits until there is something to write, until_us (g_get_monotonic_time()), or the end. Appends at most
 * n_max jobs and all notes of sent alerts; false: leave. */
bool counter_take(struct counter *counter, gint64 until_us, unsigned n_max, GQueue *jobs, GArray *sent);
void counter_answer(struct counter *counter, GQueue *jobs); /* takes all of them, in order */
void counter_leave(struct counter *counter);

#endif
