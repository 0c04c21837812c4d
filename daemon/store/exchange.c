#include "store/exchange.h"

#include <sys/eventfd.h>
#include <unistd.h>

struct exchange {
    GMutex lock;
    GCond to_thread;  /* something was put, or it is time to stop */
    GCond to_loop;    /* something was answered, or the thread left */
    GQueue waiting;   /* of struct job: batches */
    GQueue asking;    /* of struct job: queries */
    GPtrArray *taken; /* of struct job: the thread's, which is at them */
    GQueue done;      /* of struct job */
    GArray *sent;     /* of struct receipt */
    struct history_limits limits;
    bool are_limits_new; /* the thread did not look at them yet */
    unsigned n_open;     /* put and not popped */
    unsigned n_written;  /* of those, answered by the thread */
    unsigned n_queries;  /* of n_open */
    bool is_stopping;
    bool has_left;
    int done_fd;
};

struct exchange *exchange_new(void)
{
    struct exchange *exchange = g_new0(struct exchange, 1);

    g_mutex_init(&exchange->lock);
    g_cond_init(&exchange->to_thread);
    g_cond_init(&exchange->to_loop);
    g_queue_init(&exchange->waiting);
    g_queue_init(&exchange->asking);
    g_queue_init(&exchange->done);
    exchange->taken = g_ptr_array_new();
    exchange->sent = g_array_new(FALSE, FALSE, sizeof(struct receipt));
    exchange->limits.n_entries = G_MAXUINT;
    exchange->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return exchange;
}

void exchange_free(struct exchange *exchange)
{
    if (!exchange)
        return;
    if (exchange->done_fd >= 0)
        close(exchange->done_fd);
    g_array_unref(exchange->sent);
    g_ptr_array_unref(exchange->taken);
    g_cond_clear(&exchange->to_loop);
    g_cond_clear(&exchange->to_thread);
    g_mutex_clear(&exchange->lock);
    g_free(exchange);
}

int exchange_done_fd(const struct exchange *exchange)
{
    return exchange->done_fd;
}

static void exchange_push_done(struct exchange *exchange, struct job *job)
{
    g_queue_push_tail(&exchange->done, job);
    exchange->n_written++;
    eventfd_write(exchange->done_fd, 1);
    g_cond_broadcast(&exchange->to_loop);
}

static bool exchange_is_full(const struct exchange *exchange, const struct job *job)
{
    return job_is_query(job) ? exchange->n_queries > STORE_MAX_QUERIES
                             : exchange->n_open - exchange->n_queries > STORE_MAX_QUEUED;
}

void exchange_put(struct exchange *exchange, struct job *job)
{
    g_mutex_lock(&exchange->lock);
    exchange->n_open++;
    exchange->n_queries += job_is_query(job);
    if (exchange_is_full(exchange, job)) {
        job_fail(job, "the state database has not answered for too long: too much waits for it");
        exchange_push_done(exchange, job);
    } else {
        g_queue_push_tail(job_is_query(job) ? &exchange->asking : &exchange->waiting, job);
        g_cond_signal(&exchange->to_thread);
    }
    g_mutex_unlock(&exchange->lock);
}

void exchange_put_sent(struct exchange *exchange, const struct receipt *receipt)
{
    g_mutex_lock(&exchange->lock);
    g_array_append_vals(exchange->sent, receipt, 1);
    g_cond_signal(&exchange->to_thread);
    g_mutex_unlock(&exchange->lock);
}

void exchange_put_limits(struct exchange *exchange, const struct history_limits *limits)
{
    g_mutex_lock(&exchange->lock);
    exchange->limits = *limits;
    exchange->are_limits_new = true;
    g_cond_signal(&exchange->to_thread);
    g_mutex_unlock(&exchange->lock);
}

struct job *exchange_pop_done(struct exchange *exchange)
{
    struct job *job;
    eventfd_t count;

    g_mutex_lock(&exchange->lock);
    job = g_queue_pop_head(&exchange->done);
    if (job) {
        exchange->n_open--;
        exchange->n_queries -= job_is_query(job);
        exchange->n_written--;
    } else {
        eventfd_read(exchange->done_fd, &count);
    }
    g_mutex_unlock(&exchange->lock);
    return job;
}

unsigned exchange_n_open(struct exchange *exchange)
{
    unsigned n_open;

    g_mutex_lock(&exchange->lock);
    n_open = exchange->n_open;
    g_mutex_unlock(&exchange->lock);
    return n_open;
}

bool exchange_wait_answered(struct exchange *exchange, int64_t timeout_ms)
{
    gint64 until_us = g_get_monotonic_time() + timeout_ms * 1000;
    bool is_answered = true;

    g_mutex_lock(&exchange->lock);
    while (is_answered && exchange->n_open > exchange->n_written && !exchange->has_left)
        is_answered = g_cond_wait_until(&exchange->to_loop, &exchange->lock, until_us);
    g_mutex_unlock(&exchange->lock);
    return is_answered;
}

bool exchange_wait_left(struct exchange *exchange, int64_t timeout_ms)
{
    gint64 until_us = g_get_monotonic_time() + timeout_ms * 1000;
    bool is_in_time = true;
    bool has_left;

    g_mutex_lock(&exchange->lock);
    while (is_in_time && !exchange->has_left)
        is_in_time = g_cond_wait_until(&exchange->to_loop, &exchange->lock, until_us);
    has_left = exchange->has_left;
    g_mutex_unlock(&exchange->lock);
    return has_left;
}

void exchange_stop(struct exchange *exchange)
{
    g_mutex_lock(&exchange->lock);
    exchange->is_stopping = true;
    g_cond_signal(&exchange->to_thread);
    g_mutex_unlock(&exchange->lock);
}

static void exchange_refuse(struct exchange *exchange, struct job *job)
{
    job_fail(job, job_is_query(job) ? "the state database was closed before this was read"
                                    : "the state database was closed before this was written");
    exchange_push_done(exchange, job);
}

/* A job that hangs with the thread stays the thread's, which may come to life again. */
void exchange_abandon(struct exchange *exchange)
{
    struct job *job;

    g_mutex_lock(&exchange->lock);
    for (guint i = 0; i < exchange->taken->len; i++)
        exchange_refuse(exchange, job_new_stand_in(exchange->taken->pdata[i]));
    while ((job = g_queue_pop_head(&exchange->waiting)) || (job = g_queue_pop_head(&exchange->asking)))
        exchange_refuse(exchange, job);
    g_mutex_unlock(&exchange->lock);
}

static bool exchange_is_idle(const struct exchange *exchange)
{
    return exchange->waiting.length == 0 && exchange->asking.length == 0 && exchange->sent->len == 0 &&
           !exchange->are_limits_new;
}

bool exchange_take(struct exchange *exchange, gint64 until_us, unsigned n_max, GQueue *batches, GArray *sent)
{
    bool goes_on;

    g_mutex_lock(&exchange->lock);
    while (exchange_is_idle(exchange) && !exchange->is_stopping &&
           g_cond_wait_until(&exchange->to_thread, &exchange->lock, until_us))
        continue;
    goes_on = !exchange_is_idle(exchange) || !exchange->is_stopping;
    while (exchange->waiting.length > 0 && n_max-- > 0) {
        struct job *job = g_queue_pop_head(&exchange->waiting);

        g_ptr_array_add(exchange->taken, job);
        g_queue_push_tail(batches, job);
    }
    g_array_append_vals(sent, exchange->sent->data, exchange->sent->len);
    g_array_set_size(exchange->sent, 0);
    g_mutex_unlock(&exchange->lock);
    return goes_on;
}

struct job *exchange_take_query(struct exchange *exchange)
{
    struct job *job = NULL;

    g_mutex_lock(&exchange->lock);
    if (exchange->waiting.length == 0 && exchange->sent->len == 0)
        job = g_queue_pop_head(&exchange->asking);
    if (job)
        g_ptr_array_add(exchange->taken, job);
    g_mutex_unlock(&exchange->lock);
    return job;
}

void exchange_answer(struct exchange *exchange, GQueue *jobs)
{
    struct job *job;

    g_mutex_lock(&exchange->lock);
    g_ptr_array_set_size(exchange->taken, 0);
    while ((job = g_queue_pop_head(jobs)))
        exchange_push_done(exchange, job);
    g_mutex_unlock(&exchange->lock);
}

struct history_limits exchange_limits(struct exchange *exchange)
{
    struct history_limits limits;

    g_mutex_lock(&exchange->lock);
    limits = exchange->limits;
    exchange->are_limits_new = false;
    g_mutex_unlock(&exchange->lock);
    return limits;
}

void exchange_leave(struct exchange *exchange)
{
    g_mutex_lock(&exchange->lock);
    exchange->has_left = true;
    g_cond_broadcast(&exchange->to_loop);
    g_mutex_unlock(&exchange->lock);
}
