#include "directory/life.h"

#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <fcntl.h>
#include <setjmp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* The whole machine, told a second time: one line a state, one column an event, '-' cannot happen. The digit
 * is the next state; the letters are the actions: Disarm, deadline to Connect, deadline to search (T),
 * Proven, Send, drop (X), Back-off, replace (A for again), tell that it is served (V), tell that it failed
 * (F). */
/* clang-format off */
static const struct {
    enum life life;
    const char *arrows[LIFE_EVENTS]; /* in the order of enum life_event */
} table[LIFE_COUNT] = {
    /*                  STARTED READY  ASK    PROGR ANSWER DONE    FAILED   GONE     LATE     JUNK     LEAVE */
    {LIFE_NONE,        {"1C",   "-",   "-",   "-",  "-",   "-",    "-",     "-",     "-",     "-",     "0"}},
    {LIFE_CONNECTING,  {"-",    "2TS", "-",   "1",  "-",   "-",    "0DXBF", "0DXBF", "0DXBF", "0DXBF", "0DX"}},
    {LIFE_ASKED,       {"-",    "-",   "-",   "2T", "3TP", "4DPV", "0DXBF", "0DXBF", "0DXBF", "0DXBF", "0DX"}},
    {LIFE_ANSWERING,   {"-",    "-",   "-",   "3T", "3T",  "4DPV", "0DXBF", "0DXBF", "0DXBF", "0DXBF", "0DX"}},
    {LIFE_IDLE,        {"-",    "-",   "5TS", "-",  "-",   "-",    "0DX",   "0DX",   "-",     "0DXB",  "0DX"}},
    {LIFE_ASKED_AGAIN, {"-",    "-",   "-",   "5T", "3TP", "4DPV", "0DXA",  "0DXA",  "0DXBF", "0DXBF", "0DX"}},
};
/* clang-format on */

static void print_step(struct life_step step, char *ret_text)
{
    static const struct {
        enum life_action action;
        char letter;
    } letters[] = {{LIFE_DISARM, 'D'},     {LIFE_ARM_CONNECT, 'C'}, {LIFE_ARM_SEARCH, 'T'},
                   {LIFE_PROVEN, 'P'},     {LIFE_SEND, 'S'},        {LIFE_DROP, 'X'},
                   {LIFE_BACK_OFF, 'B'},   {LIFE_REPLACE, 'A'},     {LIFE_TELL_SERVED, 'V'},
                   {LIFE_TELL_FAILED, 'F'}};

    *ret_text++ = (char)('0' + step.next);
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (step.actions & letters[i].action)
            *ret_text++ = letters[i].letter;
    *ret_text = 0;
}

static void every_arrow_is_the_one_in_the_table(void **state)
{
    char text[16];

    (void)state;
    for (int life = 0; life < LIFE_COUNT; life++)
        for (int event = 0; event < LIFE_EVENTS; event++) {
            const char *expected = table[life].arrows[event];
            assert_int_equal(table[life].life, life);
            assert_int_equal(life_allows(life, event), strcmp(expected, "-") != 0);
            if (!life_allows(life, event))
                continue;
            print_step(life_step(life, event), text);
            assert_string_equal(text, expected);
        }
}

static void whatever_a_prober_does_while_it_lives_ends_in_a_known_state(void **state)
{
    (void)state;
    for (int life = LIFE_CONNECTING; life < LIFE_COUNT; life++) {
        assert_true(life_allows(life, LIFE_JUNK));
        assert_true(life_allows(life, LIFE_GONE));
        assert_true(life_allows(life, LIFE_FAILED));
        assert_true(life_allows(life, LIFE_LEAVE));
    }
}

static void who_asked_is_told_or_the_prober_replaced_however_it_ends(void **state)
{
    static const enum life asked[] = {LIFE_CONNECTING, LIFE_ASKED, LIFE_ANSWERING, LIFE_ASKED_AGAIN};
    static const enum life_event ends[] = {LIFE_FAILED, LIFE_GONE, LIFE_LATE, LIFE_JUNK};

    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        for (size_t j = 0; j < sizeof ends / sizeof *ends; j++) {
            struct life_step step = life_step(asked[i], ends[j]);
            assert_int_equal(step.next, LIFE_NONE);
            assert_true(step.actions & LIFE_DROP);
            assert_int_equal(!!(step.actions & LIFE_TELL_FAILED) + !!(step.actions & LIFE_REPLACE), 1);
        }
}

static void only_a_connection_that_served_before_and_ended_is_replaced_without_a_failure(void **state)
{
    (void)state;
    for (int life = 0; life < LIFE_COUNT; life++)
        for (int event = 0; event < LIFE_EVENTS; event++)
            if (life_allows(life, event))
                assert_int_equal(!!(life_step(life, event).actions & LIFE_REPLACE),
                                 life == LIFE_ASKED_AGAIN && (event == LIFE_FAILED || event == LIFE_GONE));
}

static void an_unknown_pair_is_our_own_mistake_and_asserts(void **state)
{
    int status;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        signal(SIGABRT, SIG_DFL);
        if (freopen("/dev/null", "w", stderr))
            life_step(LIFE_NONE, LIFE_READY);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_arrow_is_the_one_in_the_table),
        cmocka_unit_test(whatever_a_prober_does_while_it_lives_ends_in_a_known_state),
        cmocka_unit_test(who_asked_is_told_or_the_prober_replaced_however_it_ends),
        cmocka_unit_test(only_a_connection_that_served_before_and_ended_is_replaced_without_a_failure),
        cmocka_unit_test(an_unknown_pair_is_our_own_mistake_and_asserts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
