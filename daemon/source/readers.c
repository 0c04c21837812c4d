#include "source/readers.h"

#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Kept until the last thread is done. */
struct desk {
    GAsyncQueue *done; /* of struct reading */
    int done_fd;
    int notifier;
};

struct readers {
    GThreadPool *pool;
    struct desk *desk; /* in a box that the threads share */
};

static void desk_clear(void *box)
{
    struct desk *desk = box;

    g_async_queue_unref(desk->done);
    if (desk->done_fd >= 0)
        close(desk->done_fd);
    if (desk->notifier >= 0)
        close(desk->notifier);
}

/* A reading on its way through a thread, and the desk that it goes back to. */
struct errand {
    struct reading *reading;
    struct desk *desk;
};

static void errand_free(void *pointer)
{
    struct errand *errand = pointer;

    reading_free(errand->reading);
    g_atomic_rc_box_release_full(errand->desk, desk_clear);
    g_free(errand);
}

static void run(void *pointer, void *user)
{
    struct errand *errand = pointer;

    (void)user;
    reading_run(errand->reading);
    g_async_queue_push(errand->desk->done, g_steal_pointer(&errand->reading));
    eventfd_write(errand->desk->done_fd, 1);
    errand_free(errand);
}

struct readers *readers_new(void)
{
    struct readers *readers = g_new0(struct readers, 1);

    readers->desk = g_atomic_rc_box_new0(struct desk);
    readers->desk->done = g_async_queue_new_full((GDestroyNotify)reading_free);
    readers->desk->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    readers->desk->notifier = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    readers->pool = g_thread_pool_new_full(run, NULL, errand_free, READERS_MAX, FALSE, NULL);
    return readers;
}

void readers_free(struct readers *readers)
{
    if (!readers)
        return;
    g_thread_pool_free(readers->pool, TRUE, FALSE);
    g_atomic_rc_box_release_full(readers->desk, desk_clear);
    g_free(readers);
}

void readers_start(struct readers *readers, struct reading *reading)
{
    struct errand *errand = g_new(struct errand, 1);

    reading->notifier = readers->desk->notifier;
    *errand = (struct errand){reading, g_atomic_rc_box_acquire(readers->desk)};
    g_thread_pool_push(readers->pool, errand, NULL);
}

int readers_done_fd(const struct readers *readers)
{
    return readers->desk->done_fd;
}

struct reading *readers_pop(struct readers *readers)
{
    eventfd_t count;
    struct reading *reading = g_async_queue_try_pop(readers->desk->done);

    if (reading)
        return reading;
    eventfd_read(readers->desk->done_fd, &count);
    return g_async_queue_try_pop(readers->desk->done); /* one may have come in between */
}

int readers_notifier(const struct readers *readers)
{
    return readers->desk->notifier;
}
