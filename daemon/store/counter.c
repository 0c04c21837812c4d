#include "store/counter.h"

#include <sys/eventfd.h>
#include <unistd.h>

struct counter {
    GMutex lock;
    GCond to_thread;    /* something was put, or it is time to stop */
    GCond to_loop;      /* something was answered, or the thread left */
    GQueue waiting;     /* of struct job */
    GQueue done;        /* of struct job */
    GArray *sent;       /* of uint64_t */
    unsigned n_open;    /* put and not popped */
    unsigned n_written; /* of those, answered by the thread */
    bool is_stopping;
    bool has_left;
    int done_fd;
};

struct job *job_new(struct store_batch *batch, store_committed_fn on_committed, void *user)
{
    struct job *job = g_new0(struct job, 1);

    job->batch = batch;
    job->on_committed = on_committed;
    job->user = user;
    job->is_ok = true;
    return job;
}

void job_fail(struct job *job, const char *problem)
{
    job->is_ok = false;
    g_free(job->problem);
    job->problem = g_strdup(problem);
}

void job_finish(struct job *job)
{
    job->on_committed(job->user, job->batch, job->is_ok, job->problem);
    g_free(job->problem);
    g_free(job);
}

struct counter *counter_new(void)
{
    struct counter *counter = g_new0(struct counter, 1);

    g_mutex_init(&counter->lock);
    g_cond_init(&counter->to_thread);
    g_cond_init(&counter->to_loop);
    g_queue_init(&counter->waiting);
    g_queue_init(&counter->done);
    counter->sent = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    counter->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return counter;
}

void counter_free(struct counter *counter)
{
    if (!counter)
        return;
    if (counter->done_fd >= 0)
        close(counter->done_fd);
    g_array_unref(counter->sent);
    g_cond_clear(&counter->to_loop);
    g_cond_clear(&counter->to_thread);
    g_mutex_clear(&counter->lock);
    g_free(counter);
}

int counter_done_fd(const struct counter *counter)
{
    return counter->done_fd;
}

static void counter_push_done(struct counter *counter, struct job *job)
{
    g_queue_push_tail(&counter->done, job);
    counter->n_written++;
    eventfd_write(counter->done_fd, 1);
    g_cond_broadcast(&counter->to_loop);
}

void counter_put(struct counter *counter, struct job *job)
{
    g_mutex_lock(&counter->lock);
    counter->n_open++;
    if (counter->n_open > STORE_MAX_QUEUED) {
        job_fail(job, "the state database has not answered for too long: too much waits to be written");
        counter_push_done(counter, job);
    } else {
        g_queue_push_tail(&counter->waiting, job);
        g_cond_signal(&counter->to_thread);
    }
    g_mutex_unlock(&counter->lock);
}

void counter_put_sent(struct counter *counter, uint64_t number)
{
    g_mutex_lock(&counter->lock);
    g_array_append_val(counter->sent, number);
    g_cond_signal(&counter->to_thread);
    g_mutex_unlock(&counter->lock);
}

struct job *counter_pop_done(struct counter *counter)
{
    struct job *job;
    eventfd_t count;

    g_mutex_lock(&counter->lock);
    job = g_queue_pop_head(&counter->done);
    if (job) {
        counter->n_open--;
        counter->n_written--;
    } else {
        eventfd_read(counter->done_fd, &count);
    }
    g_mutex_unlock(&counter->lock);
    return job;
}

unsigned counter_n_open(struct counter *counter)
{
    unsigned n_open;

    g_mutex_lock(&counter->lock);
    n_open = counter->n_open;
    g_mutex_unlock(&counter->lock);
    return n_open;
}

bool counter_wait_answered(struct counter *counter, int64_t timeout_ms)
{
    gint64 until_us = g_get_monotonic_time() + timeout_ms * 1000;
    bool is_answered = true;

    g_mutex_lock(&counter->lock);
    while (is_answered && counter->n_open > counter->n_written && !counter->has_left)
        is_answered = g_cond_wait_until(&counter->to_loop, &counter->lock, until_us);
    g_mutex_unlock(&counter->lock);
    return is_answered;
}

bool counter_wait_left(struct counter *counter, int64_t timeout_ms)
{
    gint64 until_us = g_get_monotonic_time() + timeout_ms * 1000;
    bool is_in_time = true;
    bool has_left;

    g_mutex_lock(&counter->lock);
    while (is_in_time && !counter->has_left)
        is_in_time = g_cond_wait_until(&counter->to_loop, &counter->lock, until_us);
    has_left = counter->has_left;
    g_mutex_unlock(&counter->lock);
    return has_left;
}

void counter_stop(struct counter *counter)
{
    g_mutex_lock(&counter->lock);
    counter->is_stopping = true;
    g_cond_signal(&counter->to_thread);
    g_mutex_unlock(&counter->lock);
}

void counter_abandon(struct counter *counter)
{
    struct job *job;

    g_mutex_lock(&counter->lock);
    while ((job = g_queue_pop_head(&counter->waiting))) {
        job_fail(job, "the state database was closed before this was written");
        counter_push_done(counter, job);
    }
    g_mutex_unlock(&counter->lock);
}

static bool counter_is_idle(const struct counter *counter)
{
    return counter->waiting.length == 0 && counter->sent->len == 0;
}

bool counter_take(struct counter *counter, gint64 until_us, unsigned n_max, GQueue *jobs, GArray *sent)
{
    bool goes_on;

    g_mutex_lock(&counter->lock);
    while (counter_is_idle(counter) && !counter->is_stopping &&
           g_cond_wait_until(&counter->to_thread, &counter->lock, until_us))
        continue;
    goes_on = !counter_is_idle(counter) || !counter->is_stopping;
    while (counter->waiting.length > 0 && n_max-- > 0)
        g_queue_push_tail(jobs, g_queue_pop_head(&counter->waiting));
    g_array_append_vals(sent, counter->sent->data, counter->sent->len);
    g_array_set_size(counter->sent, 0);
    g_mutex_unlock(&counter->lock);
    return goes_on;
}

void counter_answer(struct counter *counter, GQueue *jobs)
{
    struct job *job;

    g_mutex_lock(&counter->lock);
    while ((job = g_queue_pop_head(jobs)))
        counter_push_done(counter, job);
    g_mutex_unlock(&counter->lock);
}

void counter_leave(struct counter *counter)
{
    g_mutex_lock(&counter->lock);
    counter->has_left = true;
    g_cond_broadcast(&counter->to_loop);
    g_mutex_unlock(&counter->lock);
}
