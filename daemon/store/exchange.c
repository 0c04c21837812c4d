#include "store/exchange.h"

#include <sys/eventfd.h>
#include <unistd.h>

struct exchange {
    GMutex lock;
    GCond to_thread;    /* something was put, or it is time to stop */
    GCond to_loop;      /* something was answered, or the thread left */
    GQueue waiting;     /* of struct job */
    GPtrArray *taken;   /* of struct job: the thread's, which is at them */
    GQueue done;        /* of struct job */
    GArray *sent;       /* of struct receipt */
    unsigned n_open;    /* put and not popped */
    unsigned n_written; /* of those, answered by the thread */
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
    g_queue_init(&exchange->done);
    exchange->taken = g_ptr_array_new();
    exchange->sent = g_array_new(FALSE, FALSE, sizeof(struct receipt));
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

void exchange_put(struct exchange *exchange, struct job *job)
{
    g_mutex_lock(&exchange->lock);
    exchange->n_open++;
    if (exchange->n_open > STORE_MAX_QUEUED) {
        job_fail(job, "the state database has not answered for too long: too much waits to be written");
        exchange_push_done(exchange, job);
    } else {
        g_queue_push_tail(&exchange->waiting, job);
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

struct job *exchange_pop_done(struct exchange *exchange)
{
    struct job *job;
    eventfd_t count;

    g_mutex_lock(&exchange->lock);
    job = g_queue_pop_head(&exchange->done);
    if (job) {
        exchange->n_open--;
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

/* A job that hangs with the thread stays the thread's, which may come to life again. Its alerts are needed.
 */
static struct job *exchange_stand_in(const struct job *job)
{
    struct store_batch *batch = store_batch_new();

    for (guint i = 0; i < job->batch->alerts->len; i++)
        g_ptr_array_add(batch->alerts, alert_dup(job->batch->alerts->pdata[i]));
    g_ptr_array_extend(batch->outlets, job->batch->outlets, NULL, NULL);
    return job_new(batch, job->on_committed, job->user);
}

static void exchange_refuse(struct exchange *exchange, struct job *job)
{
    job_fail(job, "the state database was closed before this was written");
    exchange_push_done(exchange, job);
}

void exchange_abandon(struct exchange *exchange)
{
    struct job *job;

    g_mutex_lock(&exchange->lock);
    for (guint i = 0; i < exchange->taken->len; i++)
        exchange_refuse(exchange, exchange_stand_in(exchange->taken->pdata[i]));
    while ((job = g_queue_pop_head(&exchange->waiting)))
        exchange_refuse(exchange, job);
    g_mutex_unlock(&exchange->lock);
}

static bool exchange_is_idle(const struct exchange *exchange)
{
    return exchange->waiting.length == 0 && exchange->sent->len == 0;
}

bool exchange_take(struct exchange *exchange, gint64 until_us, unsigned n_max, GQueue *jobs, GArray *sent)
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
        g_queue_push_tail(jobs, job);
    }
    g_array_append_vals(sent, exchange->sent->data, exchange->sent->len);
    g_array_set_size(exchange->sent, 0);
    g_mutex_unlock(&exchange->lock);
    return goes_on;
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

void exchange_leave(struct exchange *exchange)
{
    g_mutex_lock(&exchange->lock);
    exchange->has_left = true;
    g_cond_broadcast(&exchange->to_loop);
    g_mutex_unlock(&exchange->lock);
}
