#include "store/channel.h"

#include <sys/eventfd.h>
#include <unistd.h>

struct channel {
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

struct channel *channel_new(void)
{
    struct channel *channel = g_new0(struct channel, 1);

    g_mutex_init(&channel->lock);
    g_cond_init(&channel->to_thread);
    g_cond_init(&channel->to_loop);
    g_queue_init(&channel->waiting);
    g_queue_init(&channel->done);
    channel->sent = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    channel->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return channel;
}

void channel_free(struct channel *channel)
{
    if (!channel)
        return;
    if (channel->done_fd >= 0)
        close(channel->done_fd);
    g_array_unref(channel->sent);
    g_cond_clear(&channel->to_loop);
    g_cond_clear(&channel->to_thread);
    g_mutex_clear(&channel->lock);
    g_free(channel);
}

int channel_done_fd(const struct channel *channel)
{
    return channel->done_fd;
}

static void channel_push_done(struct channel *channel, struct job *job)
{
    g_queue_push_tail(&channel->done, job);
    channel->n_written++;
    eventfd_write(channel->done_fd, 1);
    g_cond_broadcast(&channel->to_loop);
}

void channel_put(struct channel *channel, struct job *job)
{
    g_mutex_lock(&channel->lock);
    channel->n_open++;
    if (channel->n_open > STORE_MAX_QUEUED) {
        job_fail(job, "the state database has not answered for too long: too much waits to be written");
        channel_push_done(channel, job);
    } else {
        g_queue_push_tail(&channel->waiting, job);
        g_cond_signal(&channel->to_thread);
    }
    g_mutex_unlock(&channel->lock);
}

void channel_put_sent(struct channel *channel, uint64_t number)
{
    g_mutex_lock(&channel->lock);
    g_array_append_val(channel->sent, number);
    g_cond_signal(&channel->to_thread);
    g_mutex_unlock(&channel->lock);
}

struct job *channel_pop_done(struct channel *channel)
{
    struct job *job;
    eventfd_t count;

    g_mutex_lock(&channel->lock);
    job = g_queue_pop_head(&channel->done);
    if (job) {
        channel->n_open--;
        channel->n_written--;
    } else {
        eventfd_read(channel->done_fd, &count);
    }
    g_mutex_unlock(&channel->lock);
    return job;
}

unsigned channel_n_open(struct channel *channel)
{
    unsigned n_open;

    g_mutex_lock(&channel->lock);
    n_open = channel->n_open;
    g_mutex_unlock(&channel->lock);
    return n_open;
}

bool channel_wait_answered(struct channel *channel, int64_t timeout_ms)
{
    gint64 until_us = g_get_monotonic_time() + timeout_ms * 1000;
    bool is_answered = true;

    g_mutex_lock(&channel->lock);
    while (is_answered && channel->n_open > channel->n_written && !channel->has_left)
        is_answered = g_cond_wait_until(&channel->to_loop, &channel->lock, until_us);
    g_mutex_unlock(&channel->lock);
    return is_answered;
}

bool channel_wait_left(struct channel *channel, int64_t timeout_ms)
{
    gint64 until_us = g_get_monotonic_time() + timeout_ms * 1000;
    bool is_in_time = true;
    bool has_left;

    g_mutex_lock(&channel->lock);
    while (is_in_time && !channel->has_left)
        is_in_time = g_cond_wait_until(&channel->to_loop, &channel->lock, until_us);
    has_left = channel->has_left;
    g_mutex_unlock(&channel->lock);
    return has_left;
}

void channel_stop(struct channel *channel)
{
    g_mutex_lock(&channel->lock);
    channel->is_stopping = true;
    g_cond_signal(&channel->to_thread);
    g_mutex_unlock(&channel->lock);
}

void channel_abandon(struct channel *channel)
{
    struct job *job;

    g_mutex_lock(&channel->lock);
    while ((job = g_queue_pop_head(&channel->waiting))) {
        job_fail(job, "the state database was closed before this was written");
        channel_push_done(channel, job);
    }
    g_mutex_unlock(&channel->lock);
}

static bool channel_is_idle(const struct channel *channel)
{
    return channel->waiting.length == 0 && channel->sent->len == 0;
}

bool channel_take(struct channel *channel, gint64 until_us, unsigned n_max, GQueue *jobs, GArray *sent)
{
    bool goes_on;

    g_mutex_lock(&channel->lock);
    while (channel_is_idle(channel) && !channel->is_stopping &&
           g_cond_wait_until(&channel->to_thread, &channel->lock, until_us))
        continue;
    goes_on = !channel_is_idle(channel) || !channel->is_stopping;
    while (channel->waiting.length > 0 && n_max-- > 0)
        g_queue_push_tail(jobs, g_queue_pop_head(&channel->waiting));
    g_array_append_vals(sent, channel->sent->data, channel->sent->len);
    g_array_set_size(channel->sent, 0);
    g_mutex_unlock(&channel->lock);
    return goes_on;
}

void channel_answer(struct channel *channel, GQueue *jobs)
{
    struct job *job;

    g_mutex_lock(&channel->lock);
    while ((job = g_queue_pop_head(jobs)))
        channel_push_done(channel, job);
    g_mutex_unlock(&channel->lock);
}

void channel_leave(struct channel *channel)
{
    g_mutex_lock(&channel->lock);
    channel->has_left = true;
    g_cond_broadcast(&channel->to_loop);
    g_mutex_unlock(&channel->lock);
}
