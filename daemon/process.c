#include "process.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
    struct event_base *base;
    int pidfd;
    pid_t group;        /* 0: that of the daemon */
    struct event *exit; /* NULL once it was reaped */
    void (*on_exit)(void *user, struct process_exit how);
    void *user;
};

/* What a child must not inherit: libldap obeys LDAP*; the others would let it speak for the daemon to
 * systemd. */
static bool is_withheld(const char *variable)
{
    static const char *const prefixes[] = {"LDAP", "NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_"};

    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(variable, prefixes[i]))
            return true;
    return false;
}

/* The strings stay the environment's; only the array is new. */
static char **environment_for_child(void)
{
    GPtrArray *kept = g_ptr_array_new();

    for (char **variable = environ; variable && *variable; variable++)
        if (!is_withheld(*variable))
            g_ptr_array_add(kept, *variable);
    g_ptr_array_add(kept, NULL);
    return (char **)g_ptr_array_free(kept, FALSE);
}

static void list_descriptors(posix_spawn_file_actions_t *actions, const struct process_order *order)
{
    for (int fd = 0; fd < order->n_fds; fd++)
        if (order->fds[fd] >= 0)
            posix_spawn_file_actions_adddup2(actions, order->fds[fd], fd);
    posix_spawn_file_actions_addclosefrom_np(actions, MAX(order->n_fds, STDERR_FILENO + 1));
}

/* posix_spawn() does between fork and exec only what is listed here, and tells when exec itself failed. */
static int spawn(const struct process_order *order, pid_t *ret_pid)
{
    g_autofree char **ours = environment_for_child();
    char *const *environment = order->environment ? (char *const *)order->environment : ours;
    short session = order->is_leader ? POSIX_SPAWN_SETSID : 0;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    list_descriptors(&actions, order);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | session));
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int problem = posix_spawn(ret_pid, order->arguments[0], &actions, &attributes,
                              (char *const *)order->arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

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

static struct process *process_adopt(struct event_base *base, int pidfd,
                                     void (*on_exit)(void *user, struct process_exit how), void *user)
{
    struct process *process = g_new0(struct process, 1);

    process->base = base;
    process->pidfd = pidfd;
    process->on_exit = on_exit;
    process->user = user;
    process->exit = event_new(base, pidfd, EV_READ | EV_PERSIST, on_pidfd, process);
    event_add(process->exit, NULL);
    return process;
}

/* A child that nobody can watch must not live on: rare (no descriptor left), and SIGKILL makes the wait
 * short. */
static void abandon_unwatched(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

struct process *process_start(struct event_base *base, const struct process_order *order,
                              void (*on_exit)(void *user, struct process_exit how), void *user,
                              GError **error)
{
    struct process *process;
    pid_t pid = 0;
    int pidfd = -1;
    int problem = spawn(order, &pid);

    if (!problem && (pidfd = pidfd_open(pid, 0)) < 0) {
        problem = errno;
        abandon_unwatched(pid);
    }
    if (problem) {
        g_set_error(error, G_UNIX_ERROR, problem, "%s cannot be started: %s", order->arguments[0],
                    g_strerror(problem));
        return NULL;
    }
    process = process_adopt(base, pidfd, on_exit, user);
    process->group = order->is_leader ? pid : 0;
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
    if (!process->exit) {
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
