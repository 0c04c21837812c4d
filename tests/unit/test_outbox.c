/* The outbox: every alert reaches the log, in order, and nobody waits for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>

#include "alert/outbox.h"
#include "log_socket.h"

#define MANY 1000

struct setting {
    struct log_socket log;
    struct event_base *base;
    struct config config;
    struct outbox *outbox;
    GPtrArray *outlets;
    GArray *sent; /* of uint64_t, as the listener heard it */
    unsigned n_arrived;
    unsigned n_given_up;
};

static void on_told(void *user, const char *outlet, uint64_t number)
{
    struct setting *setting = user;

    assert_string_equal(outlet, "syslog");
    g_array_append_val(setting->sent, number);
}

static void on_sent(void *user, const char *outlet, uint64_t number)
{
    struct setting *setting = user;

    (void)outlet;
    (void)number;
    setting->n_arrived++;
}

static void on_given_up(void *user, const char *outlet, uint64_t number, const char *why)
{
    struct setting *setting = user;

    (void)outlet;
    (void)number;
    assert_non_null(why);
    setting->n_given_up++;
}

static void on_failure(void *user, const char *outlet, bool do_alerts_wait, const char *problem)
{
    (void)do_alerts_wait;
    (void)user;
    (void)outlet;
    (void)problem;
}

static int set_up(void **state)
{
    static const struct outlet_listener listener = {on_told, on_sent, on_given_up, on_failure};
    struct setting *setting = g_new0(struct setting, 1);

    log_socket_init(&setting->log, SOCK_DGRAM);
    setting->base = event_base_new();
    setting->config.syslog_socket = setting->log.path;
    setting->config.syslog_facility = LOG_DAEMON;
    setting->sent = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    setting->outbox = outbox_new(setting->base, &setting->config, "ab12cd34", &listener, setting);
    setting->outlets = g_ptr_array_new();
    outbox_list(setting->outbox, setting->outlets);
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    outbox_free(setting->outbox);
    event_base_free(setting->base);
    log_socket_clear(&setting->log);
    g_array_unref(setting->sent);
    g_ptr_array_unref(setting->outlets);
    g_free(setting);
    return 0;
}

static struct alert *numbered(uint64_t number, enum word word)
{
    struct alert *alert = alert_new(word, 3, "w", 0);

    alert->number = number;
    alert->sentence = g_strdup("renamed");
    return alert;
}

static void add(struct setting *setting, struct alert *alert, bool is_stored)
{
    outbox_add(setting->outbox, alert, NULL, is_stored, setting->outlets);
}

/* The number in the next line; 0: none came. */
static uint64_t next_number(struct setting *setting, int wait_ms)
{
    g_autofree char *message = log_socket_read(&setting->log, wait_ms);
    const char *id = message ? strstr(message, "alert='ab12cd34-") : NULL;

    assert_true(!message || id);
    return id ? g_ascii_strtoull(id + strlen("alert='ab12cd34-"), NULL, 10) : 0;
}

static void turn(struct setting *setting)
{
    event_base_loop(setting->base, EVLOOP_NONBLOCK);
}

/* How long one turn of the loop takes, in us; the longest so far. */
static gint64 longest_turn(struct setting *setting, gint64 longest_us)
{
    gint64 began_us = g_get_monotonic_time();

    turn(setting);
    return MAX(longest_us, g_get_monotonic_time() - began_us);
}

static void expect_sent_in_order(const struct setting *setting, uint64_t first, unsigned count)
{
    assert_int_equal(setting->sent->len, count);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(g_array_index(setting->sent, uint64_t, i), first + i);
}

/* --- */

static void an_alert_goes_out_and_is_noted(void **state)
{
    struct setting *setting = *state;

    log_socket_bind(&setting->log);
    add(setting, numbered(7, WORD_DRIFT), true);
    assert_int_equal(outbox_depth(setting->outbox), 1);
    event_base_loop(setting->base, EVLOOP_ONCE);
    assert_int_equal(next_number(setting, 5000), 7);
    expect_sent_in_order(setting, 7, 1);
    assert_int_equal(outbox_depth(setting->outbox), 0);
    assert_int_equal(outbox_outlet(setting->outbox, 0).oldest_ms, 0);
    assert_int_equal(outbox_outlet(setting->outbox, 0).sent_total, 1);
    assert_int_equal(outbox_outlet(setting->outbox, 0).failures_total, 0);
}

static void a_thousand_alerts_into_a_stalled_reader_are_all_there_in_order(void **state)
{
    struct setting *setting = *state;
    gint64 longest_us = 0, resumed_us;
    uint64_t n_read = 0;

    log_socket_bind(&setting->log);
    for (uint64_t n = 1; n <= MANY; n++) {
        add(setting, numbered(n, WORD_DRIFT), true);
        longest_us = longest_turn(setting, longest_us);
    }
    for (int i = 0; i < MANY; i++)
        longest_us = longest_turn(setting, longest_us);
    assert_in_range(outbox_depth(setting->outbox), 1, MANY - 1);
    resumed_us = g_get_monotonic_time();
    while (n_read < MANY) {
        uint64_t number = next_number(setting, 0);

        if (number)
            assert_int_equal(number, ++n_read);
        else
            event_base_loop(setting->base, EVLOOP_ONCE);
        assert_true(g_get_monotonic_time() - resumed_us < 60 * G_USEC_PER_SEC);
    }
    print_message("longest turn while stalled %d us, all of %d read after %d ms\n", (int)longest_us, MANY,
                  (int)((g_get_monotonic_time() - resumed_us) / 1000));
    expect_sent_in_order(setting, 1, MANY);
}

static void a_burst_leaves_other_events_their_turn(void **state)
{
    struct setting *setting = *state;

    for (uint64_t n = 1; n <= MANY; n++)
        add(setting, numbered(n, WORD_DRIFT), true);
    log_socket_bind(&setting->log);
    turn(setting);
    assert_in_range(setting->sent->len, 1, 64);
}

static void alerts_wait_until_a_reader_appears(void **state)
{
    struct setting *setting = *state;

    add(setting, numbered(1, WORD_DRIFT), true);
    add(setting, numbered(2, WORD_RECOVERED), true);
    event_base_loop(setting->base, EVLOOP_ONCE);
    assert_int_equal(outbox_depth(setting->outbox), 2);
    assert_in_range(outbox_outlet(setting->outbox, 0).failures_total, 1, 10);
    log_socket_bind(&setting->log);
    while (outbox_depth(setting->outbox) > 0)
        event_base_loop(setting->base, EVLOOP_ONCE);
    assert_int_equal(next_number(setting, 5000), 1);
    assert_int_equal(next_number(setting, 5000), 2);
}

static void a_reload_finds_the_new_socket_at_once(void **state)
{
    struct setting *setting = *state;
    struct log_socket other;

    add(setting, numbered(1, WORD_DRIFT), true);
    turn(setting);
    log_socket_init(&other, SOCK_DGRAM);
    log_socket_bind(&other);
    setting->config.syslog_socket = other.path;
    outbox_reload(setting->outbox, &setting->config);
    event_base_loop(setting->base, EVLOOP_ONCE);
    expect_sent_in_order(setting, 1, 1);
    log_socket_clear(&other);
}

static void an_alert_without_a_row_keeps_its_place(void **state)
{
    struct setting *setting = *state;

    add(setting, numbered(1, WORD_DRIFT), true);
    add(setting, numbered(3, WORD_DRIFT), true);
    add(setting, numbered(2, WORD_DRIFT), false);
    log_socket_bind(&setting->log);
    event_base_loop(setting->base, EVLOOP_ONCE);
    expect_sent_in_order(setting, 1, 3);
}

static void the_ring_of_unstored_alerts_drops_reminders_before_anything_else(void **state)
{
    struct setting *setting = *state;

    add(setting, numbered(1, WORD_DRIFT), false);
    add(setting, numbered(2, WORD_REMINDER), false);
    for (uint64_t n = 3; n <= OUTLET_RING + 2; n++)
        add(setting, numbered(n, WORD_DRIFT), false);
    assert_int_equal(outbox_depth(setting->outbox), OUTLET_RING);
    assert_int_equal(outbox_outlet(setting->outbox, 0).failures_total, 2);
    log_socket_bind(&setting->log);
    event_base_loop(setting->base, EVLOOP_ONCE);
    assert_int_equal(next_number(setting, 5000), 3);
}

static void an_outlet_that_is_not_there_any_more_gives_up(void **state)
{
    struct setting *setting = *state;

    g_ptr_array_add(setting->outlets, (void *)g_intern_static_string("tcp://log:601"));
    log_socket_bind(&setting->log);
    add(setting, numbered(1, WORD_DRIFT), true);
    assert_int_equal(setting->n_given_up, 1);
    event_base_loop(setting->base, EVLOOP_ONCE);
    expect_sent_in_order(setting, 1, 1);
}

static void the_last_try_takes_what_the_socket_takes(void **state)
{
    struct setting *setting = *state;

    add(setting, numbered(1, WORD_STOPPED), true);
    log_socket_bind(&setting->log);
    outbox_free(setting->outbox);
    setting->outbox = NULL;
    assert_int_equal(next_number(setting, 5000), 1);
    expect_sent_in_order(setting, 1, 1);
}

/* Until so many have arrived, or a while has passed. */
static void turn_until_arrived(struct setting *setting, unsigned count)
{
    gint64 began_us = g_get_monotonic_time();

    while (setting->n_arrived < count && g_get_monotonic_time() - began_us < 5 * G_USEC_PER_SEC)
        event_base_loop(setting->base, EVLOOP_ONCE);
    assert_int_equal(setting->n_arrived, count);
}

static void what_lies_in_the_socket_has_not_arrived_yet(void **state)
{
    struct setting *setting = *state;

    log_socket_bind(&setting->log);
    add(setting, numbered(1, WORD_DRIFT), true);
    add(setting, numbered(2, WORD_DRIFT), true);
    while (setting->sent->len < 2)
        turn(setting);
    for (int i = 0; i < 10; i++)
        event_base_loop(setting->base, EVLOOP_ONCE);
    assert_int_equal(setting->n_arrived, 0);
    assert_int_equal(next_number(setting, 5000), 1);
    assert_int_equal(next_number(setting, 5000), 2);
    turn_until_arrived(setting, 2);
    assert_int_equal(next_number(setting, 0), 0);
}

static void what_a_reader_did_not_read_before_it_died_goes_to_the_next(void **state)
{
    struct setting *setting = *state;

    log_socket_bind(&setting->log);
    for (uint64_t n = 1; n <= 5; n++)
        add(setting, numbered(n, WORD_DRIFT), true);
    while (setting->sent->len < 5)
        turn(setting);
    log_socket_close(&setting->log);
    add(setting, numbered(6, WORD_DRIFT), true);
    turn(setting);
    assert_int_equal(setting->n_arrived, 0);
    log_socket_bind(&setting->log);
    for (uint64_t n = 1; n <= 6; n++) {
        uint64_t number;

        while ((number = next_number(setting, 0)) == 0)
            event_base_loop(setting->base, EVLOOP_ONCE);
        assert_int_equal(number, n);
    }
    turn_until_arrived(setting, 6);
    expect_sent_in_order(setting, 1, 6);
}

static void what_was_taken_is_trusted_to_arrive_when_the_daemon_stops(void **state)
{
    struct setting *setting = *state;

    log_socket_bind(&setting->log);
    add(setting, numbered(1, WORD_DRIFT), true);
    outbox_flush(setting->outbox);
    assert_int_equal(setting->n_arrived, 1);
}

#define WITH_SOCKET(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SOCKET(an_alert_goes_out_and_is_noted),
        WITH_SOCKET(a_thousand_alerts_into_a_stalled_reader_are_all_there_in_order),
        WITH_SOCKET(a_burst_leaves_other_events_their_turn),
        WITH_SOCKET(alerts_wait_until_a_reader_appears),
        WITH_SOCKET(a_reload_finds_the_new_socket_at_once),
        WITH_SOCKET(an_alert_without_a_row_keeps_its_place),
        WITH_SOCKET(the_ring_of_unstored_alerts_drops_reminders_before_anything_else),
        WITH_SOCKET(an_outlet_that_is_not_there_any_more_gives_up),
        WITH_SOCKET(the_last_try_takes_what_the_socket_takes),
        WITH_SOCKET(what_lies_in_the_socket_has_not_arrived_yet),
        WITH_SOCKET(what_a_reader_did_not_read_before_it_died_goes_to_the_next),
        WITH_SOCKET(what_was_taken_is_trusted_to_arrive_when_the_daemon_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
