/* A process that is started beside the loop: however it goes, that is told once, and none is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "process.h"

struct setting {
    struct event_base *base;
    struct process *process;
    int alive[2]; /* a pipe: what holds its writing end, as standard input, lives */
    unsigned n_exits;
    struct process_exit how;
};

static void on_exit_of_process(void *user, struct process_exit how)
{
    struct setting *setting = user;

    setting->n_exits++;
    setting->how = how;
}

static int set_up(void **state)
{
    struct setting *setting = g_new0(struct setting, 1);

    setting->base = event_base_new();
    assert_int_equal(pipe(setting->alive), 0);
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    process_release(setting->process, 0);
    close(setting->alive[0]);
    event_base_free(setting->base);
    g_free(setting);
    return 0;
}

static void launch(struct setting *setting, const char *program, const char *argument)
{
    const char *const arguments[] = {program, argument, NULL};
    const int fds[] = {setting->alive[1]};
    const struct process_order order = {arguments, .fds = fds, .n_fds = 1, .is_leader = true};

    setting->process = process_launch(setting->base, &order, on_exit_of_process, setting, NULL);
    assert_non_null(setting->process);
    close(setting->alive[1]);
}

static void wait_for_exit(struct setting *setting)
{
    while (setting->n_exits == 0)
        event_base_loop(setting->base, EVLOOP_ONCE);
    event_base_loop(setting->base, EVLOOP_NONBLOCK);
    assert_int_equal(setting->n_exits, 1);
}

static bool is_gone(const struct setting *setting, int wait_ms)
{
    struct pollfd end = {.fd = setting->alive[0], .events = POLLIN};

    return poll(&end, 1, wait_ms) == 1 && end.revents & POLLHUP;
}

static void how_it_ended_is_told(void **state)
{
    struct setting *setting = *state;

    launch(setting, "/bin/sh", NULL);
    assert_int_equal(setting->n_exits, 0);
    wait_for_exit(setting);
    assert_int_equal(setting->how.problem, 0);
    assert_int_equal(setting->how.signal, 0);
}

static void that_there_is_no_such_program_is_how_it_ended(void **state)
{
    struct setting *setting = *state;

    launch(setting, "/nowhere/to/be/found", NULL);
    wait_for_exit(setting);
    assert_int_equal(setting->how.problem, ENOENT);
    assert_true(is_gone(setting, 0));
}

static void a_kill_before_it_has_begun_is_kept(void **state)
{
    struct setting *setting = *state;

    launch(setting, "/bin/sleep", "1000");
    process_kill(setting->process);
    wait_for_exit(setting);
    assert_int_equal(setting->how.signal, SIGKILL);
    assert_true(is_gone(setting, 5000));
}

static void one_that_nobody_wants_any_more_does_not_live_on(void **state)
{
    struct setting *setting = *state;

    launch(setting, "/bin/sleep", "1000");
    process_release(g_steal_pointer(&setting->process), 0);
    assert_true(is_gone(setting, 5000));
    event_base_loop(setting->base, EVLOOP_ONCE); /* it is reaped */
    assert_int_equal(setting->n_exits, 0);
}

#define WITH_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LOOP(how_it_ended_is_told),
        WITH_LOOP(that_there_is_no_such_program_is_how_it_ended),
        WITH_LOOP(a_kill_before_it_has_begun_is_kept),
        WITH_LOOP(one_that_nobody_wants_any_more_does_not_live_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
