#define _GNU_SOURCE /* memfd_create(), pipe2() */
#include "alert/run.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alert/event_json.h"
#include "process.h"

struct run {
    struct process *process;
    uint64_t number;
    int output; /* what it says; -1: closed */
    struct event *readable;
    struct event *deadline;
    GString *said;
    int64_t timeout_ms;
    bool is_late;
    run_end_fn on_end;
    void *user;
};

/* Reads what is there, and keeps the beginning. A program that only ever talks gets its turn later. */
static void run_listen(struct run *run)
{
    char bytes[4096];
    ssize_t n = read(run->output, bytes, sizeof bytes);

    if (n > 0)
        g_string_append_len(run->said, bytes, MIN(n, (ssize_t)(RUN_MAX_SAID - run->said->len)));
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        event_del(run->readable);
}

static void on_readable(evutil_socket_t fd, short what, void *user)
{
    (void)fd;
    (void)what;
    run_listen(user);
}

static void on_deadline(evutil_socket_t fd, short what, void *user)
{
    struct run *run = user;

    (void)fd;
    (void)what;
    run->is_late = true;
    process_kill(run->process);
}

static char *run_problem(const struct run *run, struct process_exit how)
{
    g_autofree char *end = NULL;

    if (!run->is_late && how.signal == 0 && how.status == 0 && how.problem == 0)
        return NULL;
    if (how.problem)
        end = g_strdup_printf("the program cannot be started: %s", g_strerror(how.problem));
    else if (run->is_late)
        end = g_strdup_printf("the program did not end in %" G_GINT64_FORMAT " ms", run->timeout_ms);
    else if (how.signal)
        end = g_strdup_printf("the program was ended by signal %d", how.signal);
    else
        end = g_strdup_printf("the program ended with %d", how.status);
    g_strstrip(g_strdelimit(run->said->str, "\r\n", ' '));
    return *run->said->str ? g_strdup_printf("%s: %s", end, run->said->str) : g_steal_pointer(&end);
}

static void on_exit_of_process(void *user, struct process_exit how)
{
    struct run *run = user;
    g_autofree char *problem = NULL;

    run_listen(run);
    problem = run_problem(run, how);
    run->on_end(run->user, run, problem);
}

/* PATH and the like of ours, none that is about the daemon itself; and the event. */
static char **environment_of(const struct alert *alert, const char *id)
{
    static const char *const kept[] = {"PATH", "LANG", "LC_ALL", "TZ", "HOME", "USER", "TMPDIR"};
    g_auto(GStrv) event = event_json_environment(alert, id);
    GPtrArray *variables = g_ptr_array_new();

    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (g_getenv(kept[i]))
            g_ptr_array_add(variables, g_strconcat(kept[i], "=", g_getenv(kept[i]), NULL));
    for (char **variable = event; *variable; variable++)
        g_ptr_array_add(variables, g_strdup(*variable));
    g_ptr_array_add(variables, NULL);
    return (char **)g_ptr_array_free(variables, FALSE);
}

/* A file in memory: the program reads at its leisure, and nobody has to write meanwhile. -1: errno. */
static int input_of(const struct alert *alert, const char *id)
{
    g_autofree char *text = event_json_print(alert, id);
    ssize_t length = (ssize_t)strlen(text);
    int fd = memfd_create("event", MFD_CLOEXEC);

    if (fd >= 0 && write(fd, text, (size_t)length) == length && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* false: errno. */
static bool run_open(struct run *run, const struct alert *alert, const char *id, int *ret_input,
                     int *ret_output)
{
    int pipe[2];

    *ret_input = input_of(alert, id);
    if (*ret_input < 0)
        return false;
    if (pipe2(pipe, O_CLOEXEC) < 0) {
        close(*ret_input);
        return false;
    }
    run->output = pipe[0];
    evutil_make_socket_nonblocking(pipe[0]);
    *ret_output = pipe[1];
    return true;
}

static bool run_spawn(struct run *run, struct event_base *base, const char *program,
                      const struct alert *alert, const char *id, GError **error)
{
    g_auto(GStrv) environment = environment_of(alert, id);
    const char *const arguments[] = {program, NULL};
    int input, output;

    if (!run_open(run, alert, id, &input, &output)) {
        g_set_error(error, G_UNIX_ERROR, errno, "%s cannot be started: %s", program, g_strerror(errno));
        return false;
    }
    const int fds[] = {input, output, output};
    const struct process_order order = {arguments, (const char *const *)environment, fds, G_N_ELEMENTS(fds),
                                        .is_leader = true};

    run->process = process_launch(base, &order, on_exit_of_process, run, error);
    close(input);
    close(output);
    return run->process != NULL;
}

struct run *run_start(struct event_base *base, const char *program, int64_t timeout_ms,
                      const struct alert *alert, const char *id, run_end_fn on_end, void *user,
                      GError **error)
{
    const struct timeval timeout = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    struct run *run = g_new0(struct run, 1);

    run->number = alert->number;
    run->output = -1;
    run->said = g_string_new(NULL);
    run->timeout_ms = timeout_ms;
    run->on_end = on_end;
    run->user = user;
    if (!run_spawn(run, base, program, alert, id, error)) {
        run_free(run);
        return NULL;
    }
    run->readable = event_new(base, run->output, EV_READ | EV_PERSIST, on_readable, run);
    run->deadline = evtimer_new(base, on_deadline, run);
    event_add(run->readable, NULL);
    event_add(run->deadline, &timeout);
    return run;
}

uint64_t run_number(const struct run *run)
{
    return run->number;
}

void run_free(struct run *run)
{
    if (!run)
        return;
    if (run->readable)
        event_free(run->readable);
    if (run->deadline)
        event_free(run->deadline);
    process_release(run->process, 0);
    if (run->output >= 0)
        close(run->output);
    g_string_free(run->said, TRUE);
    g_free(run);
}
