/* What goes between the event loop and the thread that writes: batches one way, their results the other, a
 * queue each under one lock. Owned by the store; only the functions marked so are for the thread. */
#ifndef DNDRIFT_STORE_CHANNEL_H
#define DNDRIFT_STORE_CHANNEL_H

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

struct channel;

struct channel *channel_new(void);
void channel_free(struct channel *channel); /* both sides are done with it */

int channel_done_fd(const struct channel *channel); /* readable when a result is there */
void channel_put(struct channel *channel, struct job *job);
void channel_put_sent(struct channel *channel, uint64_t number);
struct job *channel_pop_done(struct channel *channel); /* NULL: none; then the fd is no longer readable */
unsigned channel_n_open(struct channel *channel);      /* put and not popped */

/* Waits until everything that was put is answered, or the thread has left; false: time ran out. */
bool channel_wait_answered(struct channel *channel, int64_t timeout_ms);
bool channel_wait_left(struct channel *channel, int64_t timeout_ms);

void channel_stop(struct channel *channel);    /* the thread leaves when nothing is left to write */
void channel_abandon(struct channel *channel); /* what still waits is answered as failed */

/* --- for the thread */

/* Waits until there is something to write, until_us (g_get_monotonic_time()), or the end. Appends at most
 * n_max jobs and all notes of sent alerts; false: leave. */
bool channel_take(struct channel *channel, gint64 until_us, unsigned n_max, GQueue *jobs, GArray *sent);
void channel_answer(struct channel *channel, GQueue *jobs); /* takes all of them, in order */
void channel_leave(struct channel *channel);

#endif
