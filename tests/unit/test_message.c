/* An alert as a message of RFC 5424: whole, escaped, and within its bound whatever a directory says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <syslog.h>

#include "alert/message.h"

#define BOM "\xef\xbb\xbf"

static const struct message_origin origin = {LOG_LOCAL3, "mail1.example.com", 42, 32473};

static struct alert *drift(const char *sentence, const char *live)
{
    struct alert *alert = alert_new(WORD_DRIFT, LOG_ERR, "w", INT64_C(1795464900250));

    alert->sentence = g_strdup(sentence);
    alert_set_tag(alert, TAG_LIVE, live);
    return alert;
}

static void every_field_is_in_its_place(void **state)
{
    g_autoptr(alert_t) alert = drift("renamed", "cn=a");
    g_autofree char *message = message_print(&origin, alert, "ab-1", MESSAGE_MAX_BYTES);

    (void)state;
    assert_string_equal(message, "<155>1 2026-11-23T20:15:00.250Z mail1.example.com dndriftd 42 DRIFT "
                                 "[dndrift@32473 live=\"cn=a\" alert=\"ab-1\"] " BOM "DRIFT w: renamed");
}

static const struct {
    const char *live, *param, *why;
} params[] = {
    {"a\"b", "live=\"a\\\"b\"", "a quote"},
    {"a]b", "live=\"a\\]b\"", "a bracket cannot end the element"},
    {"a\\b", "live=\"a\\\\\\\\b\"", "a backslash, as in the local log and once more"},
    {"a\nb", "live=\"a\\\\x0ab\"", "a line feed"},
    {"\xc2\x9b\xff", "live=\"\\\\xc2\\\\x9b\\\\xff\"", "C1 and no UTF-8"},
    {"ou=M\xc3\xbcller", "live=\"ou=M\xc3\xbcller\"", "UTF-8 stays"},
    {"a'b", "live=\"a'b\"", "an apostrophe stays"},
};

static void values_are_escaped_by_6_3_3(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(params); i++) {
        g_autoptr(alert_t) alert = drift("s", params[i].live);
        g_autofree char *message = message_print(&origin, alert, "ab-1", MESSAGE_MAX_BYTES);

        if (!strstr(message, params[i].param))
            fail_msg("%s: <%s> lacks <%s>", params[i].why, message, params[i].param);
    }
}

static const struct {
    const char *hostname, *written;
} hosts[] = {{"", "-"}, {NULL, "-"}, {"a b\nc", "a_b_c"}, {"m\xc3\xbc", "m__"}, {"::1", "::1"}};

static void the_hostname_is_ascii_without_blanks(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
        struct message_origin elsewhere = origin;
        g_autoptr(alert_t) alert = drift("s", NULL);
        g_autofree char *expected = g_strdup_printf("Z %s dndriftd ", hosts[i].written);
        g_autofree char *message = NULL;

        elsewhere.hostname = hosts[i].hostname;
        message = message_print(&elsewhere, alert, "ab-1", MESSAGE_MAX_BYTES);
        assert_non_null(strstr(message, expected));
    }
}

static void what_is_too_long_is_cut_and_says_so(void **state)
{
    static const size_t bounds[] = {MESSAGE_MAX_BYTES, MESSAGE_MAX_DATAGRAM};
    g_autofree char *hostile = g_strnfill(20000, ']');
    g_autoptr(alert_t) alert = drift(hostile, NULL);

    (void)state;
    for (unsigned i = 0; i < TAG_COUNT; i++)
        alert_set_tag(alert, (enum tag)i, hostile);
    for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++) {
        g_autofree char *message = message_print(&origin, alert, "ab-1", bounds[i]);

        assert_in_range(strlen(message), 400, bounds[i]);
        assert_non_null(strstr(message, "...(+"));
        assert_non_null(strstr(message, "alert=\"ab-1\""));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_in_its_place),
        cmocka_unit_test(values_are_escaped_by_6_3_3),
        cmocka_unit_test(the_hostname_is_ascii_without_blanks),
        cmocka_unit_test(what_is_too_long_is_cut_and_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
