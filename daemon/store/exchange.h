/* What lies between the event loop and the thread that writes: batches go one way, their results the other, a
 * queue each under one lock. Owned by the store; only the functions marked so are for the thread. */
#ifndef DNDRIFT_STORE_EXCHANGE_H
#define DNDRIFT_STORE_EXCHANGE_H

#include "store/job.h"

struct exchange;

struct exchange *exchange_new(void);
void exchange_free(struct exchange *exchange); /* both sides are done with it */

int exchange_done_fd(const struct exchange *exchange); /* readable when a result is there */
void exchange_put(struct exchange *exchange, struct job *job);
void exchange_put_sent(struct exchange *exchange, const struct receipt *receipt);
struct job *exchange_pop_done(struct exchange *exchange); /* NULL: none; then the fd is no longer readable */
unsigned exchange_n_open(struct exchange *exchange);      /* put and not popped */

/* Waits until everything that was put is answered, or the thread has left; false: time ran out. */
bool exchange_wait_answered(struct exchange *exchange, int64_t timeout_ms);
bool exchange_wait_left(struct exchange *exchange, int64_t timeout_ms);

void exchange_stop(struct exchange *exchange);    /* the thread leaves when nothing is left to write */
void exchange_abandon(struct exchange *exchange); /* what has no answer yet is answered as failed */

/* --- for the thread */

/* Waits until there is something to write, until_us (g_get_monotonic_time()), or the end. Appends at most
 * n_max jobs and all receipts; false: leave. */
bool exchange_take(struct exchange *exchange, gint64 until_us, unsigned n_max, GQueue *jobs, GArray *sent);
void exchange_answer(struct exchange *exchange, GQueue *jobs); /* takes all of them, in order */
void exchange_leave(struct exchange *exchange);

#endif
