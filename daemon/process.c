#include "process.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch.h"

struct process {
    struct event_base *base;
    struct launch *launch;  /* NULL: it is over, or never was beside the loop */
    struct event *launched; /* ... with it */
    int pidfd;              /* -1: it never began */
    bool is_leader;
    bool is_doomed;     /* killed before it began */
    pid_t group;        /* 0: that of the daemon */
    struct event *exit; /* NULL before it began, and once it was reaped */
    void (*on_exit)(void *user, struct process_exit how);
    void *user;
};

static void on_pidfd(evutil_socket_t pidfd, short what, void *user)
{
    struct process *process = user;
    siginfo_t info = {0};

    (void)what;
    if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0)
        return; /* not yet: the event persists */
    struct process_exit how = {0};
    if (info.si_code == CLD_EXITED)
        how.status = info.si_status;
    else
        how.signal = info.si_status;
    event_free(process->exit);
    process->exit = NULL;
    process->on_exit(process->user, how);
}

static void process_adopt(struct process *process, pid_t pid, int pidfd)
{
    process->pidfd = pidfd;
    process->group = process->is_leader ? pid : 0;
    process->exit = event_new(process->base, pidfd, EV_READ | EV_PERSIST, on_pidfd, process);
    event_add(process->exit, NULL);
}

/* It is known now how the start went. 0, or errno. */
static int process_land(struct process *process)
{
    pid_t pid;
    int pidfd;
    int problem = launch_end(process->launch, &pid, &pidfd);

    event_free(process->launched);
    process->launched = NULL;
    process->launch = NULL;
    if (!problem)
        process_adopt(process, pid, pidfd);
    return problem;
}

static void on_launched(evutil_socket_t fd, short what, void *user)
{
    struct process *process = user;
    int problem = process_land(process);

    (void)fd;
    (void)what;
    if (problem)
        process->on_exit(process->user, (struct process_exit){.problem = problem});
    else if (process->is_doomed)
        process_kill(process);
}

static struct process *process_new(struct event_base *base, const struct process_order *order,
                                   void (*on_exit)(void *user, struct process_exit how), void *user)
{
    struct process *process = g_new0(struct process, 1);

    process->base = base;
    process->pidfd = -1;
    process->is_leader = order->is_leader;
    process->on_exit = on_exit;
    process->user = user;
    return process;
}

struct process *process_start(struct event_base *base, const struct process_order *order,
                              void (*on_exit)(void *user, struct process_exit how), void *user,
                              GError **error)
{
    struct process *process;
    pid_t pid;
    int pidfd;
    int problem = launch_now(order, &pid, &pidfd);

    if (problem) {
        g_set_error(error, G_UNIX_ERROR, problem, "%s cannot be started: %s", order->arguments[0],
                    g_strerror(problem));
        return NULL;
    }
    process = process_new(base, order, on_exit, user);
    process_adopt(process, pid, pidfd);
    return process;
}

struct process *process_launch(struct event_base *base, const struct process_order *order,
                               void (*on_exit)(void *user, struct process_exit how), void *user,
                               GError **error)
{
    struct launch *launch = launch_new(order);
    struct process *process;

    if (!launch) {
        g_set_error(error, G_UNIX_ERROR, EAGAIN, "%s cannot be started: too much is under way",
                    order->arguments[0]);
        return NULL;
    }
    process = process_new(base, order, on_exit, user);
    process->launch = launch;
    process->launched = event_new(base, launch_fd(process->launch), EV_READ, on_launched, process);
    event_add(process->launched, NULL);
    return process;
}

struct process *process_start_with_socket(struct event_base *base, const char *const *arguments, int fd,
                                          void (*on_exit)(void *user, struct process_exit how), void *user,
                                          int *ret_socket, GError **error)
{
    int fds[] = {-1, -1, -1, -1};
    const struct process_order order = {.arguments = arguments, .fds = fds, .n_fds = fd + 1};
    struct process *process;
    int pair[2];

    g_assert(fd >= 0 && fd < (int)G_N_ELEMENTS(fds));
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        g_set_error(error, G_UNIX_ERROR, errno, "%s cannot be started: %s", arguments[0], g_strerror(errno));
        return NULL;
    }
    fds[fd] = pair[1];
    process = process_start(base, &order, on_exit, user, error);
    close(pair[1]);
    if (!process) {
        close(pair[0]);
        return NULL;
    }
    evutil_make_socket_nonblocking(pair[0]);
    *ret_socket = pair[0];
    return process;
}

/* Its number is its own until it is reaped, and that of its group as well. */
static void process_send_kill(const struct process *process)
{
    if (process->group > 0)
        kill(-process->group, SIGKILL);
    pidfd_send_signal(process->pidfd, SIGKILL, NULL, 0);
}

void process_kill(struct process *process)
{
    process->is_doomed = true;
    if (process->exit)
        process_send_kill(process);
}

static void on_leaver(evutil_socket_t pidfd, short what, void *base);

/* The loop alone owns the leaver from here on: the descriptor is all there is to know about it, and libevent
 * frees the event even if the loop ends first. */
static void watch_leaver(struct event_base *base, int pidfd, const struct timeval *grace)
{
    event_base_once(base, pidfd, EV_READ | (grace ? EV_TIMEOUT : 0), on_leaver, base, grace);
}

static void on_leaver(evutil_socket_t pidfd, short what, void *base)
{
    siginfo_t info = {0};

    if (what & EV_TIMEOUT)
        pidfd_send_signal(pidfd, SIGKILL, NULL, 0);
    else if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) < 0 || info.si_pid != 0) {
        close(pidfd);
        return;
    }
    watch_leaver(base, pidfd, NULL);
}

void process_release(struct process *process, int64_t grace_ms)
{
    if (!process)
        return;
    if (process->launch)
        process_land(process);
    if (!process->exit) {
        if (process->pidfd >= 0)
            close(process->pidfd);
    } else {
        struct timeval grace = {.tv_sec = grace_ms / 1000, .tv_usec = (grace_ms % 1000) * 1000};
        event_free(process->exit);
        if (grace_ms <= 0)
            process_send_kill(process);
        watch_leaver(process->base, process->pidfd, grace_ms > 0 ? &grace : NULL);
    }
    g_free(process);
}
