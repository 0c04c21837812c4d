/* An outlet whose way answers later: in order, none lost, nothing waits for another outlet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#include "alert/outlet.h"

#define WINDOW 3

/* A way that does as the test says. */
struct way {
    struct way_listener listener;
    GArray *begun; /* of uint64_t: every alert that was ever handed over */
    unsigned n_abandoned;
    enum delivery reply; /* of deliver */
};

struct setting {
    struct event_base *base;
    struct config config; /* state_directory stands for all that the way depends on */
    struct way *way;      /* the one that is open */
    struct outlet *outlet;
    unsigned n_told;
    GArray *sent; /* of uint64_t */
    unsigned n_given_up;
    unsigned n_failures;
};

/* cmocka has the setting of a test in a pointer; the way is opened by name, which is that pointer. */
static struct setting *setting_of(const char *name)
{
    return (struct setting *)(uintptr_t)g_ascii_strtoull(name, NULL, 16);
}

static char *way_describe(const struct config *config, const char *name)
{
    (void)name;
    return g_strdup(config->state_directory);
}

static void *way_open(struct event_base *base, const struct config *config, const char *name,
                      const struct way_listener *listener)
{
    struct way *way = g_new0(struct way, 1);

    (void)base;
    (void)config;
    way->listener = *listener;
    way->begun = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    way->reply = DELIVERY_UNDER_WAY;
    setting_of(name)->way = way;
    return way;
}

static void way_free(void *data)
{
    struct way *way = data;

    g_array_unref(way->begun);
    g_free(way);
}

static enum delivery way_deliver(void *data, const struct letter *letter)
{
    struct way *way = data;
    g_autofree char *expected = g_strdup_printf("ab12cd34-%" G_GUINT64_FORMAT, letter->alert->number);

    assert_string_equal(letter->id, expected);
    g_array_append_val(way->begun, letter->alert->number);
    return way->reply;
}

static void way_abandon(void *data)
{
    ((struct way *)data)->n_abandoned++;
}

static unsigned way_window(const void *way)
{
    (void)way;
    return WINDOW;
}

static const struct way_kind patient = {NULL,        way_describe,        way_open, way_free, way_deliver,
                                        way_abandon, .window = way_window};
static const struct way_kind hasty = {
    NULL,        way_describe,         way_open,         way_free, way_deliver,
    way_abandon, .window = way_window, .deadline_ms = 20};

static void on_told(void *user, const char *outlet, uint64_t number)
{
    (void)outlet;
    (void)number;
    ((struct setting *)user)->n_told++;
}

static void on_sent(void *user, const char *outlet, uint64_t number)
{
    (void)outlet;
    g_array_append_val(((struct setting *)user)->sent, number);
}

static void on_given_up(void *user, const char *outlet, uint64_t number, const char *why)
{
    (void)outlet;
    (void)number;
    assert_string_equal(why, "gone");
    ((struct setting *)user)->n_given_up++;
}

static void on_failure(void *user, const char *outlet, bool do_alerts_wait, const char *problem)
{
    (void)do_alerts_wait;
    (void)outlet;
    assert_non_null(problem);
    ((struct setting *)user)->n_failures++;
}

static struct outlet *outlet_make(struct setting *setting, const struct way_kind *kind)
{
    static const struct outlet_listener listener = {on_told, on_sent, on_given_up, on_failure};
    g_autofree char *name = g_strdup_printf("%" G_GINT64_MODIFIER "x", (guint64)(uintptr_t)setting);

    return outlet_new(setting->base, kind, name, &setting->config, &listener, setting);
}

static int set_up(void **state)
{
    struct setting *setting = g_new0(struct setting, 1);

    setting->base = event_base_new();
    setting->config.state_directory = (char *)"one";
    setting->sent = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    setting->outlet = outlet_make(setting, &patient);
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    outlet_free(setting->outlet);
    event_base_free(setting->base);
    g_array_unref(setting->sent);
    g_free(setting);
    return 0;
}

static void add(struct setting *setting, uint64_t first, uint64_t last)
{
    for (uint64_t n = first; n <= last; n++) {
        struct alert *alert = alert_new(WORD_DRIFT, 3, "w", 0);

        alert->number = n;
        outlet_add(setting->outlet, letter_new(alert, NULL, "ab12cd34", true));
    }
}

static void turn(struct setting *setting)
{
    event_base_loop(setting->base, EVLOOP_NONBLOCK);
}

static void answer(const struct setting *setting, uint64_t number, enum delivery delivery)
{
    const struct way_listener *listener = &setting->way->listener;

    listener->on_answer(listener->user, number, delivery, delivery == DELIVERY_TAKEN ? NULL : "it broke");
}

/* What was handed over, or sent, from the n-th on: these numbers, up to 0. */
static void expect(const GArray *numbers, unsigned n, ...)
{
    va_list list;
    uint64_t expected;

    va_start(list, n);
    while ((expected = va_arg(list, unsigned)) != 0) {
        assert_true(n < numbers->len);
        assert_int_equal(g_array_index(numbers, uint64_t, n++), expected);
    }
    va_end(list);
    assert_int_equal(numbers->len, n);
}

/* --- */

static void no_more_are_under_way_than_the_way_has_room_for(void **state)
{
    struct setting *setting = *state;

    add(setting, 1, 5);
    turn(setting);
    turn(setting);
    expect(setting->way->begun, 0, 1, 2, 3, 0);
    assert_int_equal(outlet_figures(setting->outlet).depth, 5);
    answer(setting, 1, DELIVERY_TAKEN);
    turn(setting);
    expect(setting->way->begun, 3, 4, 0);
    expect(setting->sent, 0, 1, 0);
}

static void all_that_was_under_way_begins_again_in_order(void **state)
{
    struct setting *setting = *state;

    add(setting, 1, 4);
    turn(setting);
    answer(setting, WAY_ALL, DELIVERY_FULL);
    assert_int_equal(setting->n_failures, 1);
    assert_int_equal(outlet_figures(setting->outlet).failures_total, 3);
    turn(setting);
    expect(setting->way->begun, 3, 0);
    while (setting->way->begun->len < 6)
        event_base_loop(setting->base, EVLOOP_ONCE);
    expect(setting->way->begun, 3, 1, 2, 3, 0);
}

static void one_that_failed_comes_before_those_that_wait(void **state)
{
    struct setting *setting = *state;

    add(setting, 1, 5);
    turn(setting);
    answer(setting, 2, DELIVERY_FULL);
    answer(setting, 1, DELIVERY_TAKEN);
    while (setting->way->begun->len < 5)
        event_base_loop(setting->base, EVLOOP_ONCE);
    expect(setting->way->begun, 3, 2, 4, 0);
}

static void an_answer_that_nobody_waits_for_changes_nothing(void **state)
{
    struct setting *setting = *state;

    add(setting, 1, 2);
    turn(setting);
    answer(setting, 9, DELIVERY_TAKEN);
    answer(setting, 1, DELIVERY_TAKEN);
    answer(setting, 1, DELIVERY_TAKEN);
    expect(setting->sent, 0, 1, 0);
    assert_int_equal(outlet_figures(setting->outlet).depth, 1);
}

static void a_silent_way_is_abandoned_at_the_deadline(void **state)
{
    struct setting *setting = *state;

    outlet_free(setting->outlet);
    setting->outlet = outlet_make(setting, &hasty);
    add(setting, 1, 2);
    while (setting->n_failures == 0)
        event_base_loop(setting->base, EVLOOP_ONCE);
    assert_int_equal(setting->way->n_abandoned, 1);
    assert_int_equal(setting->sent->len, 0);
    assert_int_equal(outlet_figures(setting->outlet).depth, 2);
}

static void other_settings_open_another_way_and_the_same_do_not(void **state)
{
    struct setting *setting = *state;
    const struct way *first = setting->way;

    add(setting, 1, 2);
    turn(setting);
    outlet_reload(setting->outlet, &setting->config);
    assert_ptr_equal(setting->way, first);
    setting->config.state_directory = (char *)"two";
    outlet_reload(setting->outlet, &setting->config);
    turn(setting);
    expect(setting->way->begun, 0, 1, 2, 0);
    answer(setting, 1, DELIVERY_TAKEN);
    expect(setting->sent, 0, 1, 0);
}

static void what_waits_for_an_outlet_that_goes_is_given_up(void **state)
{
    struct setting *setting = *state;

    add(setting, 1, 5);
    turn(setting);
    outlet_give_up(setting->outlet, "gone");
    assert_int_equal(setting->n_given_up, 5);
    assert_int_equal(outlet_figures(setting->outlet).depth, 0);
}

static void what_is_under_way_stays_when_the_daemon_ends(void **state)
{
    struct setting *setting = *state;

    add(setting, 1, 5);
    turn(setting);
    outlet_flush(setting->outlet);
    outlet_free(setting->outlet);
    setting->outlet = NULL;
    assert_int_equal(setting->sent->len, 0);
    assert_int_equal(setting->n_given_up, 0);
}

#define WITH_OUTLET(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_OUTLET(no_more_are_under_way_than_the_way_has_room_for),
        WITH_OUTLET(all_that_was_under_way_begins_again_in_order),
        WITH_OUTLET(one_that_failed_comes_before_those_that_wait),
        WITH_OUTLET(an_answer_that_nobody_waits_for_changes_nothing),
        WITH_OUTLET(a_silent_way_is_abandoned_at_the_deadline),
        WITH_OUTLET(other_settings_open_another_way_and_the_same_do_not),
        WITH_OUTLET(what_waits_for_an_outlet_that_goes_is_given_up),
        WITH_OUTLET(what_is_under_way_stays_when_the_daemon_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
