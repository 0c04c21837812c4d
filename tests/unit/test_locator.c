/* directory/locator: what is known of a domain while look-ups succeed, fail and change, with a prober
 * (fake_prober) that tells what stands in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "directory/clock.h"
#include "directory/locator.h"

#define PERIOD_MS   50
#define LONG_MS     (60 * 60 * 1000)
#define PATIENCE_MS 60000

struct bench {
    struct event_base *base;
    char *folder, *program, *file, *count;
    struct directory_config settings;
    struct locator *locator;
    unsigned n_outcomes;
};

static void on_outcome(void *user, struct locator *locator)
{
    struct bench *bench = user;

    assert_ptr_equal(locator, bench->locator);
    bench->n_outcomes++;
    event_base_loopbreak(bench->base);
}

static int set_up(void **state)
{
    struct bench *bench = g_new0(struct bench, 1);
    g_autofree char *fake = g_build_filename(getenv("BUILDDIR"), "tests/fault/fake_prober", NULL);

    bench->base = event_base_new();
    bench->folder = g_dir_make_tmp("dndrift-XXXXXX", NULL);
    bench->program = g_build_filename(bench->folder, "prober", NULL);
    bench->file = g_strconcat(bench->program, ".servers", NULL);
    bench->count = g_strconcat(bench->program, ".lookups", NULL);
    assert_int_equal(symlink(fake, bench->program), 0);
    bench->settings = (struct directory_config){.name = (char *)"d", .timeout_ms = 20000};
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    locator_free(bench->locator);
    while (event_base_get_num_events(bench->base, EVENT_BASE_COUNT_ADDED) > 0)
        event_base_loop(bench->base, EVLOOP_ONCE); /* until the probers are reaped */
    event_base_free(bench->base);
    g_remove(bench->file);
    g_remove(bench->count);
    g_remove(bench->program);
    g_rmdir(bench->folder);
    g_free(bench->folder);
    g_free(bench->program);
    g_free(bench->file);
    g_free(bench->count);
    g_free(bench);
    return 0;
}

static void serve(const struct bench *bench, const char *text)
{
    assert_true(g_file_set_contents(bench->file, text, -1, NULL));
}

static void begin(struct bench *bench, int64_t period_ms)
{
    static const struct locator_listener listener = {on_outcome};
    struct locator_means means = {bench->base, &bench->settings, bench->program, period_ms};

    bench->locator = locator_new(&means, "ldap:///dc=example,dc=com", &listener, bench);
}

static void on_impatience(evutil_socket_t fd, short what, void *user)
{
    (void)fd, (void)what, (void)user;
    fail_msg("no look-up has ended");
}

static void await_outcomes(struct bench *bench, unsigned n)
{
    struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    struct event *impatience = evtimer_new(bench->base, on_impatience, NULL);
    unsigned until = bench->n_outcomes + n;

    event_add(impatience, &patience);
    while (bench->n_outcomes < until)
        event_base_loop(bench->base, EVLOOP_ONCE);
    event_free(impatience);
}

/* "a b": the hosts in the order in which they are tried; g_free() it. */
static char *hosts(const struct bench *bench)
{
    const GPtrArray *servers = locator_servers(bench->locator);
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; servers && i < servers->len; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", ((struct wire_server *)servers->pdata[i])->host);
    return g_string_free(text, FALSE);
}

static void assert_hosts(const struct bench *bench, const char *expected)
{
    g_autofree char *found = hosts(bench);

    assert_string_equal(found, expected);
}

static void it_looks_up_again_after_its_period(void **state)
{
    struct bench *bench = *state;

    serve(bench, "b 389 1 0\na 389 0 0\n");
    begin(bench, PERIOD_MS);
    assert_false(locator_is_settled(bench->locator));
    assert_null(locator_servers(bench->locator));
    await_outcomes(bench, 1);
    assert_true(locator_is_settled(bench->locator) && !locator_is_looking(bench->locator));
    assert_hosts(bench, "a b");
    serve(bench, "c 389 0 0\n");
    await_outcomes(bench, 3); /* one of them may have begun before */
    assert_hosts(bench, "c");
}

static void the_period_is_five_minutes_less_a_little_that_differs(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(LOCATOR_PERIOD_MS, 5 * 60 * 1000);
    serve(bench, "a 389 0 0\n");
    begin(bench, LOCATOR_PERIOD_MS);
    await_outcomes(bench, 1);
    int64_t wait_ms = locator_next_ms(bench->locator) - clock_ms();
    assert_in_range(wait_ms, LOCATOR_PERIOD_MS * 9 / 10 - PATIENCE_MS, LOCATOR_PERIOD_MS);
}

static void the_order_is_drawn_once_for_a_set_of_records(void **state)
{
    static const char records[] = "a 389 0 1\nb 389 0 1\nc 389 0 1\nd 389 0 1\ne 389 0 1\nf 389 0 1\n";
    struct bench *bench = *state;

    serve(bench, records);
    begin(bench, PERIOD_MS);
    await_outcomes(bench, 1);
    g_autofree char *drawn = hosts(bench);
    for (unsigned i = 0; i < 10; i++) {
        await_outcomes(bench, 1);
        assert_hosts(bench, drawn);
    }
}

static void another_set_is_drawn_anew(void **state)
{
    static const char *const sets[] = {"a 389 0 1\nb 389 0 1\nc 389 0 1\nd 389 0 1\ne 389 0 1\nf 389 0 1\n",
                                       "a 389 0 1\nb 389 0 1\nc 389 0 1\nd 389 0 1\ne 389 0 1\nf 389 0 2\n"};
    struct bench *bench = *state;
    g_autoptr(GHashTable) orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    serve(bench, sets[0]);
    begin(bench, PERIOD_MS);
    for (unsigned i = 1; g_hash_table_size(orders) < 3; i++) { /* of 720 */
        await_outcomes(bench, 2);
        g_hash_table_add(orders, hosts(bench));
        serve(bench, sets[i % 2]);
    }
}

static const struct {
    const char *text;
    enum reason reason;
} faults[] = {
    {"failed\n", REASON_DNS},       {"crash\n", REASON_CRASH},       {"leave\n", REASON_CRASH},
    {"garbage\n", REASON_PROTOCOL}, {"flood\n", REASON_PROTOCOL},    {"ready\n", REASON_PROTOCOL},
    {"answer\n", REASON_PROTOCOL},  {"silent\n", REASON_TIMEOUT},    {"", REASON_CRASH},
    {"dc 0 0 0\n", REASON_CRASH},   {"d/c 389 0 0\n", REASON_CRASH},
};

static void what_was_named_last_stays_whatever_goes_wrong_afterwards(void **state)
{
    struct bench *bench = *state;

    serve(bench, "a 389 0 0\n");
    begin(bench, LONG_MS);
    await_outcomes(bench, 1);
    assert_int_equal(locator_failure(bench->locator)->reason, REASON_NONE);
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        serve(bench, faults[i].text);
        bench->settings.timeout_ms = faults[i].reason == REASON_TIMEOUT ? 200 : 20000;
        locator_reload(bench->locator, &bench->settings);
        await_outcomes(bench, 1);
        const struct failure *failure = locator_failure(bench->locator);
        if (failure->phase != PHASE_DNS || failure->reason != faults[i].reason || !failure->text)
            fail_msg("%s: %s, %s", faults[i].text, reason_name(failure->reason), failure->text);
        assert_hosts(bench, "a");
    }
    assert_int_equal(g_remove(bench->program), 0);
    locator_reload(bench->locator, &bench->settings);
    await_outcomes(bench, 1);
    assert_non_null(strstr(locator_failure(bench->locator)->text, "cannot be started"));
    assert_hosts(bench, "a");
}

static void after_a_failure_it_tries_again_by_itself_within_the_back_off(void **state)
{
    struct bench *bench = *state;

    serve(bench, "failed\n");
    begin(bench, LONG_MS);
    await_outcomes(bench, 1);
    assert_true(locator_is_settled(bench->locator));
    assert_null(locator_servers(bench->locator));
    int64_t wait_ms = locator_next_ms(bench->locator) - clock_ms();
    assert_true(wait_ms <= 2000);
    assert_false(locator_hurry(bench->locator)); /* it failed a moment ago */
    serve(bench, "a 389 0 0\n");
    await_outcomes(bench, 1);
    assert_hosts(bench, "a");
    assert_int_equal(locator_failure(bench->locator)->reason, REASON_NONE);
}

static void hurried_it_looks_up_at_once_and_not_again_when_that_told_nothing_new(void **state)
{
    struct bench *bench = *state;

    serve(bench, "a 389 0 0\n");
    begin(bench, LONG_MS);
    await_outcomes(bench, 1);
    serve(bench, "b 389 0 0\n");
    assert_true(locator_hurry(bench->locator) && locator_is_looking(bench->locator));
    await_outcomes(bench, 1);
    assert_hosts(bench, "b");
    assert_true(locator_hurry(bench->locator)); /* that was news */
    assert_true(locator_hurry(bench->locator)); /* the same look-up */
    await_outcomes(bench, 1);
    assert_false(locator_hurry(bench->locator));
    locator_reload(bench->locator, &bench->settings);
    await_outcomes(bench, 1);
    assert_true(locator_hurry(bench->locator));
}

static void what_a_prober_says_after_its_answer_does_not_count(void **state)
{
    static const char *const endings[] = {"twice\na 389 0 0\n", "stays\na 389 0 0\n"};
    struct bench *bench = *state;

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        serve(bench, endings[i]);
        if (bench->locator)
            locator_reload(bench->locator, &bench->settings);
        else
            begin(bench, LONG_MS);
        await_outcomes(bench, 1);
        assert_hosts(bench, "a");
        assert_int_equal(locator_failure(bench->locator)->reason, REASON_NONE);
    }
    assert_int_equal(bench->n_outcomes, 2);
}

static void freed_while_it_looks_it_leaves_nothing_behind(void **state)
{
    struct bench *bench = *state;

    serve(bench, "silent\n");
    begin(bench, LONG_MS);
    while (!locator_is_looking(bench->locator))
        event_base_loop(bench->base, EVLOOP_ONCE);
    g_clear_pointer(&bench->locator, locator_free);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(it_looks_up_again_after_its_period),
        WITH_BENCH(the_period_is_five_minutes_less_a_little_that_differs),
        WITH_BENCH(the_order_is_drawn_once_for_a_set_of_records),
        WITH_BENCH(another_set_is_drawn_anew),
        WITH_BENCH(what_was_named_last_stays_whatever_goes_wrong_afterwards),
        WITH_BENCH(after_a_failure_it_tries_again_by_itself_within_the_back_off),
        WITH_BENCH(hurried_it_looks_up_at_once_and_not_again_when_that_told_nothing_new),
        WITH_BENCH(what_a_prober_says_after_its_answer_does_not_count),
        WITH_BENCH(freed_while_it_looks_it_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
