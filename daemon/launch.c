#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the thread has for itself until it is joined. */
struct launch {
    GThread *thread;
    int over; /* an eventfd */
    char **arguments;
    char **environment; /* NULL: ours */
    int *fds;
    struct process_order order; /* of the three above */
    pid_t pid;
    int pidfd;
    int problem;
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

/* A child that nobody can watch must not live on: rare (no descriptor left), and SIGKILL makes the wait
 * short. */
static void abandon_unwatched(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

int launch_now(const struct process_order *order, pid_t *ret_pid, int *ret_pidfd)
{
    pid_t pid = 0;
    int problem = spawn(order, &pid), pidfd;

    if (problem)
        return problem;
    pidfd = pidfd_open(pid, 0);
    if (pidfd < 0) {
        problem = errno;
        abandon_unwatched(pid);
        return problem;
    }
    *ret_pid = pid;
    *ret_pidfd = pidfd;
    return 0;
}

static void *launch_run(void *data)
{
    struct launch *launch = data;

    launch->problem = launch_now(&launch->order, &launch->pid, &launch->pidfd);
    eventfd_write(launch->over, 1);
    return NULL;
}

static void launch_copy(struct launch *launch, const struct process_order *order)
{
    launch->arguments = g_strdupv((char **)order->arguments);
    launch->environment = g_strdupv((char **)order->environment);
    launch->fds = g_new(int, order->n_fds);
    for (int i = 0; i < order->n_fds; i++)
        launch->fds[i] = order->fds[i] < 0 ? -1 : fcntl(order->fds[i], F_DUPFD_CLOEXEC, 0);
    launch->order = *order;
    launch->order.arguments = (const char *const *)launch->arguments;
    launch->order.environment = (const char *const *)launch->environment;
    launch->order.fds = launch->fds;
}

static void launch_free(struct launch *launch)
{
    for (int i = 0; i < launch->order.n_fds; i++)
        if (launch->fds[i] >= 0)
            close(launch->fds[i]);
    if (launch->over >= 0)
        close(launch->over);
    g_free(launch->fds);
    g_strfreev(launch->arguments);
    g_strfreev(launch->environment);
    g_free(launch);
}

/* Signals are the event loop's: the thread inherits a mask that blocks them all. */
struct launch *launch_new(const struct process_order *order)
{
    struct launch *launch = g_new0(struct launch, 1);
    sigset_t all, before;

    launch_copy(launch, order);
    launch->over = eventfd(0, EFD_CLOEXEC);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    launch->thread = launch->over < 0 ? NULL : g_thread_try_new("launch", launch_run, launch, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (launch->thread)
        return launch;
    launch_free(launch);
    return NULL;
}

int launch_fd(const struct launch *launch)
{
    return launch->over;
}

int launch_end(struct launch *launch, pid_t *ret_pid, int *ret_pidfd)
{
    int problem;

    g_thread_join(launch->thread);
    problem = launch->problem;
    *ret_pid = launch->pid;
    *ret_pidfd = launch->pidfd;
    launch_free(launch);
    return problem;
}
