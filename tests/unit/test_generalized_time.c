/* GeneralizedTime of attribute values: strictly what RFC 4517 allows, in every zone; all else is no time. */
#include "prober/generalized_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>
#include <string.h>

#define S  INT64_C(1000)
#define AT (INT64_C(1795615629) * S) /* 2026-11-25 14:07:09 UTC */

static const struct {
    const char *text;
    int64_t wall_ms;
    const char *why;
} cases[] = {
    {"20261125140709Z", AT, "as OpenLDAP and 389 write it"},
    {"20261125140709.0Z", AT, "as Active Directory writes it"},
    {"20261125140709.25Z", AT + 250, "a fraction of a second"},
    {"20261125140709,5Z", AT + 500, "a comma before it"},
    {"20261125140709.123456789Z", AT + 123, "what lies below a millisecond is left"},
    {"202611251407Z", AT - 9 * S, "no seconds"},
    {"202611251407.5Z", AT + 21 * S, "half a minute"},
    {"2026112514Z", AT - 429 * S, "no minutes"},
    {"2026112514.25Z", AT + 471 * S, "a quarter of an hour"},
    {"20261125160709+0200", AT, "east"},
    {"20261125160709+02", AT, "east, hours alone"},
    {"20261125083709-0530", AT, "west"},
    {"20240229000000Z", INT64_C(1709164800) * S, "a leap day"},
    {"20161231235960Z", INT64_C(1483228800) * S, "a leap second"},
    {"19700101000001Z", S, "the first one that counts"},
    {"99991231235959Z", INT64_C(253402300799) * S, "the last one"},
    {NULL, 0, "no value"},
    {"", 0, "nothing"},
    {"19700101000000Z", 0, "the beginning of time means unknown"},
    {"16010101000000.0Z", 0, "what Windows calls never"},
    {"20261125140709", 0, "no zone: whose time?"},
    {"20261125140709z", 0, "a small letter"},
    {"20261125140709Z ", 0, "a blank behind it"},
    {" 20261125140709Z", 0, "a blank before it"},
    {"20261125140709ZZ", 0, "two zones"},
    {"20261125140709.Z", 0, "a point without a fraction"},
    {"20261125140709.5", 0, "a fraction without a zone"},
    {"20261125140709+", 0, "a sign without a zone"},
    {"20261125140709+2", 0, "half an hour number"},
    {"20261125140709+02:00", 0, "a colon in the zone"},
    {"20261125140709+2400", 0, "a zone of a whole day"},
    {"20261125140709+0260", 0, "a zone of 60 minutes"},
    {"20261325140709Z", 0, "a 13th month"},
    {"20260229140709Z", 0, "no leap year"},
    {"20261125240709Z", 0, "a 25th hour"},
    {"20261125146009Z", 0, "a 61st minute"},
    {"20261125140761Z", 0, "a 62nd second"},
    {"00001125140709Z", 0, "the year 0"},
    {"202611251407090Z", 0, "half a number too many"},
    {"2026-11-25T14:07:09Z", 0, "ISO 8601"},
    {"261125140709Z", 0, "UTC time of X.500"},
    {"\xD9\xA2\xD9\xA0"
     "261125140709Z",
     0, "digits of another script"},
    {"2026112514070\n", 0, "a line feed"},
};

static void each_text_is_the_time_it_says_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (generalized_time_parse(cases[i].text) != cases[i].wall_ms)
            fail_msg("%s: %s is %" G_GINT64_FORMAT, cases[i].why, cases[i].text,
                     generalized_time_parse(cases[i].text));
}

static void no_text_that_is_cut_off_is_a_time(void **state)
{
    static const char whole[] = "20261125140709.250+0200";

    (void)state;
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        g_autofree char *cut = g_strndup(whole, length);
        bool is_hours_alone = length == strlen("20261125140709.250+02");
        assert_int_equal(generalized_time_parse(cut), is_hours_alone ? AT - 7200 * S + 250 : 0);
    }
}

static void a_fraction_may_be_long(void **state)
{
    g_autoptr(GString) text = g_string_new("20261125140709.");

    (void)state;
    for (unsigned i = 0; i < 100000; i++)
        g_string_append_c(text, '9');
    g_string_append_c(text, 'Z');
    assert_int_equal(generalized_time_parse(text->str), AT + 999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_the_time_it_says_or_none),
        cmocka_unit_test(no_text_that_is_cut_off_is_a_time),
        cmocka_unit_test(a_fraction_may_be_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
