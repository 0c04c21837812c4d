/* The way to the local log, against real sockets: taken, full, absent, made anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "alert/packet.h"
#include "alert/syslog.h"
#include "log_socket.h"

struct setting {
    struct log_socket log;
    struct syslog *syslog;
    struct alert *alert;
};

static struct setting *setting_new(int type)
{
    struct setting *setting = g_new0(struct setting, 1);

    log_socket_init(&setting->log, type);
    setting->syslog = syslog_new(setting->log.path, LOG_DAEMON);
    setting->alert = alert_new(WORD_DRIFT, LOG_ERR, "w", 0);
    return setting;
}

static int set_up_datagram(void **state)
{
    *state = setting_new(SOCK_DGRAM);
    return 0;
}

static int set_up_stream(void **state)
{
    *state = setting_new(SOCK_STREAM);
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    syslog_free(setting->syslog);
    alert_free(setting->alert);
    log_socket_clear(&setting->log);
    g_free(setting);
    return 0;
}

static enum delivery send_line(struct setting *setting, const char *line)
{
    g_autofree char *message = NULL;

    return syslog_send(setting->syslog, setting->alert, line, &message);
}

static void expect_next(struct setting *setting, const char *line)
{
    g_autofree char *message = log_socket_read(&setting->log, 5000);
    const char *text = message ? strstr(message, "]: ") : NULL;

    assert_non_null(text);
    assert_string_equal(text + 3, line);
}

/* --- */

static void the_header_is_that_of_syslog_3(void **state)
{
    static const struct {
        int facility, severity;
        int64_t wall_ms;
        const char *packet, *why;
    } cases[] = {
        {LOG_DAEMON, LOG_ERR, INT64_C(1766866522000), "<27>Dec 27 20:15:22 dndriftd[7]: x", "daemon.err"},
        {LOG_LOCAL7, LOG_INFO, INT64_C(1767225600999), "<190>Jan  1 00:00:00 dndriftd[7]: x",
         "a day of one digit, whole seconds"},
        {LOG_DAEMON, 99, 0, "<27>Jan  1 00:00:00 dndriftd[7]: x", "a severity that is none does no harm"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *packet =
            packet_print(cases[i].facility, cases[i].severity, cases[i].wall_ms, 7, "x");

        if (strcmp(packet, cases[i].packet) != 0)
            fail_msg("%s: <%s>", cases[i].why, packet);
    }
}

static void a_line_arrives(void **state)
{
    struct setting *setting = *state;

    log_socket_bind(&setting->log);
    assert_int_equal(send_line(setting, "one"), DELIVERY_TAKEN);
    assert_int_equal(send_line(setting, "two"), DELIVERY_TAKEN);
    expect_next(setting, "one");
    expect_next(setting, "two");
}

static void nobody_there_is_absent(void **state)
{
    struct setting *setting = *state;

    assert_int_equal(send_line(setting, "no file"), DELIVERY_ABSENT);
    log_socket_bind(&setting->log);
    log_socket_close(&setting->log);
    assert_int_equal(send_line(setting, "a file, no reader"), DELIVERY_ABSENT);
}

static void a_reader_that_was_made_anew_is_found(void **state)
{
    struct setting *setting = *state;

    log_socket_bind(&setting->log);
    assert_int_equal(send_line(setting, "one"), DELIVERY_TAKEN);
    log_socket_close(&setting->log);
    assert_int_equal(send_line(setting, "lost"), DELIVERY_ABSENT);
    log_socket_bind(&setting->log);
    assert_int_equal(send_line(setting, "two"), DELIVERY_TAKEN);
    expect_next(setting, "two");
}

/* The old reader lives, but the name leads to another: syslog(3) would go on with the old one. */
static void a_reader_that_took_the_place_of_a_stalled_one_is_found(void **state)
{
    struct setting *setting = *state;
    int stalled_fd;

    log_socket_bind(&setting->log);
    while (send_line(setting, "stalled") == DELIVERY_TAKEN)
        continue;
    stalled_fd = setting->log.fd;
    log_socket_bind(&setting->log);
    assert_int_equal(send_line(setting, "new"), DELIVERY_TAKEN);
    expect_next(setting, "new");
    close(stalled_fd);
}

static void a_full_queue_is_told_at_once_and_loses_nothing(void **state)
{
    struct setting *setting = *state;
    gint64 began_us = g_get_monotonic_time();
    int n = 0;

    log_socket_bind(&setting->log);
    while (n < 100000) {
        g_autofree char *line = g_strdup_printf("line %d", n);

        if (send_line(setting, line) != DELIVERY_TAKEN)
            break;
        n++;
    }
    assert_in_range(n, 1, 99999);
    assert_int_equal(send_line(setting, "no room"), DELIVERY_FULL);
    assert_true(g_get_monotonic_time() - began_us < 5 * G_USEC_PER_SEC);
    for (int i = 0; i < n; i++) {
        g_autofree char *line = g_strdup_printf("line %d", i);

        expect_next(setting, line);
    }
}

static void a_line_that_no_datagram_holds_is_cut_and_says_so(void **state)
{
    struct setting *setting = *state;
    g_autofree char *line = g_strnfill(1000000, 'x');
    g_autofree char *message = NULL;

    log_socket_bind(&setting->log);
    assert_int_equal(send_line(setting, line), DELIVERY_TAKEN);
    message = log_socket_read(&setting->log, 5000);
    assert_non_null(strstr(message, "x...(+"));
}

static void a_stream_that_is_full_goes_on_in_the_middle_of_a_message(void **state)
{
    struct setting *setting = *state;
    g_autofree char *line = g_strnfill(60000, 'x');
    int n_full = 0;

    log_socket_bind(&setting->log);
    while (send_line(setting, line) == DELIVERY_TAKEN)
        continue;
    for (int i = 0; i < 100 && send_line(setting, line) != DELIVERY_TAKEN; i++) {
        n_full++;
        expect_next(setting, line);
    }
    assert_in_range(n_full, 1, 99);
    assert_int_equal(send_line(setting, "after it"), DELIVERY_TAKEN);
}

static void a_path_that_no_socket_can_have_is_absent(void **state)
{
    g_autofree char *path = g_strnfill(300, 'x');
    g_autofree char *message = NULL;
    struct syslog *syslog = syslog_new(path, LOG_DAEMON);
    g_autoptr(alert_t) alert = alert_new(WORD_DRIFT, LOG_ERR, "w", 0);

    (void)state;
    assert_int_equal(syslog_send(syslog, alert, "x", &message), DELIVERY_ABSENT);
    syslog_free(syslog);
}

#define DATAGRAM(test) cmocka_unit_test_setup_teardown(test, set_up_datagram, tear_down)
#define STREAM(test)                                                                                         \
    {                                                                                                        \
#test " (stream)", test, set_up_stream, tear_down, NULL                                              \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_is_that_of_syslog_3),
        DATAGRAM(a_line_arrives),
        STREAM(a_line_arrives),
        DATAGRAM(nobody_there_is_absent),
        STREAM(nobody_there_is_absent),
        DATAGRAM(a_reader_that_was_made_anew_is_found),
        DATAGRAM(a_reader_that_took_the_place_of_a_stalled_one_is_found),
        DATAGRAM(a_full_queue_is_told_at_once_and_loses_nothing),
        DATAGRAM(a_line_that_no_datagram_holds_is_cut_and_says_so),
        STREAM(a_stream_that_is_full_goes_on_in_the_middle_of_a_message),
        cmocka_unit_test(a_path_that_no_socket_can_have_is_absent),
    };

    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
