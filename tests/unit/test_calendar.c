/* When something that comes again and again is going on, in a time zone that puts its clocks forward and
 * back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "config/calendar.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)

static const struct value_limits none = {0};

static int64_t moment(const char *text)
{
    int64_t wall_ms = -1;

    assert_true(value_moment.parse(text, &none, &wall_ms, NULL));
    return wall_ms;
}

static void times_are_local_unless_they_say_otherwise(void **state)
{
    static const struct {
        const char *text, *utc;
    } good[] = {{"2027-01-15 18:00", "2027-01-15T17:00:00Z"},
                {"2027-07-15 18:00", "2027-07-15T16:00:00Z"},
                {"2027-07-15T18:00:30", "2027-07-15T16:00:30Z"},
                {"2027-07-15T18:00:00Z", "2027-07-15T18:00:00Z"},
                {"2027-07-15T18:00:00-04:00", "2027-07-15T22:00:00Z"}};
    static const char *const bad[] = {"",
                                      "tomorrow",
                                      "2027-07-15",
                                      "18:00",
                                      "2027-13-01 10:00",
                                      "2027-02-30 10:00",
                                      "2027-07-15 25:00",
                                      "2027-07-15 18:00 ",
                                      "2027-07-15 18:00Z",
                                      "15.07.2027 18:00"};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++)
        assert_int_equal(moment(good[i].text), moment(good[i].utc));
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        int64_t wall_ms = 7;
        if (value_moment.parse(bad[i], &none, &wall_ms, &error))
            fail_msg("`%s` was taken for a time", bad[i]);
        assert_int_equal(wall_ms, 7);
        assert_non_null(strstr(error->message, "expected 2026-12-24 18:00"));
    }
}

static void only_weekdays_and_a_time_are_a_calendar(void **state)
{
    static const struct {
        const char *text;
        unsigned weekdays;
        int minute;
    } good[] = {{"02:00", 0x7f, 120},          {"Mon 00:00", 0x01, 0},
                {"Sat,Sun 22:30", 0x60, 1350}, {"Mon..Fri 23:59", 0x1f, 1439},
                {"Fri..Mon 01:00", 0x71, 60},  {"Mon..Wed,Sat 01:00", 0x27, 60},
                {"Sun..Sun 01:00", 0x40, 60}};
    static const char *const bad[] = {
        "",          "Mon",           "24:00",        "2:00",           "02:60",
        "daily",     "Mon-Fri 02:00", "mon 02:00",    "Mon..Foo 02:00", "Mon, 02:00",
        "ueW 02:00", "onT 02:00",     "*-*-01 02:00", "Mon 02:00:00",   "Mon Tue 02:00"};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++) {
        struct calendar calendar = {0};
        if (!value_calendar.parse(good[i].text, &none, &calendar, NULL))
            fail_msg("`%s` was not taken for a calendar", good[i].text);
        assert_int_equal(calendar.weekdays, good[i].weekdays);
        assert_int_equal(calendar.minute, good[i].minute);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        struct calendar calendar = {0};
        if (value_calendar.parse(bad[i], &none, &calendar, &error))
            fail_msg("`%s` was taken for a calendar", bad[i]);
        assert_non_null(strstr(error->message, "expected [WEEKDAYS] HH:MM"));
    }
}

/* In 2027 Berlin puts its clocks forward on Sunday, 28 March at 02:00 and back on Sunday, 31 October at
 * 03:00.
 */
static const struct {
    const char *calendar;
    int hours;
    const char *at;
    bool is_on;
    const char *next, *why;
} windows[] = {
    {"02:00", 2, "2027-05-05 01:59", false, "2027-05-05 02:00", "before it"},
    {"02:00", 2, "2027-05-05 02:00", true, "2027-05-05 04:00", "its first instant"},
    {"02:00", 2, "2027-05-05 03:59", true, "2027-05-05 04:00", "its last minute"},
    {"02:00", 2, "2027-05-05 04:00", false, "2027-05-06 02:00", "over"},
    {"Sat 22:00", 4, "2027-05-09 01:00", true, "2027-05-09 02:00", "into Sunday"},
    {"Sat 22:00", 4, "2027-05-09 22:30", false, "2027-05-15 22:00", "Sunday is none"},
    {"Sat 22:00", 168, "2027-05-12 12:00", true, "2027-05-15 22:00", "a week long, and begins again"},
    {"Mon..Fri 12:00", 36, "2027-05-12 13:00", true, "2027-05-13 00:00",
     "longer than a day: the older ends first"},
    {"Wed 12:00", 1, "2027-12-31 12:00", false, "2028-01-05 12:00", "into the next year"},
    {"02:30", 1, "2027-03-28T00:59:59Z", false, "2027-03-28T01:00:00Z",
     "left out by the clock: when it goes on"},
    {"02:30", 1, "2027-03-28T01:00:00Z", true, "2027-03-28T02:00:00Z", "and lasts its time"},
    {"01:00", 4, "2027-03-28T03:59:00Z", true, "2027-03-28T04:00:00Z",
     "four hours, of which one is left out"},
    {"01:00", 4, "2027-03-28T04:00:00Z", false, "2027-03-28T23:00:00Z", "until six by the clock"},
    {"02:30", 1, "2027-10-31T00:30:00Z", false, "2027-10-31T01:30:00Z", "not the first of two"},
    {"02:30", 1, "2027-10-31T01:30:00Z", true, "2027-10-31T02:30:00Z", "the second"},
};

static void windows_begin_and_end_by_the_local_clock(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(windows); i++) {
        struct calendar calendar;
        int64_t next_ms;
        assert_true(value_calendar.parse(windows[i].calendar, &none, &calendar, NULL));
        bool is_on = calendar_is_on(&calendar, windows[i].hours * HOUR_MS, moment(windows[i].at), &next_ms);
        if (is_on != windows[i].is_on || next_ms != moment(windows[i].next))
            fail_msg("%s for %d h at %s (%s): is %s, next in %d min", windows[i].calendar, windows[i].hours,
                     windows[i].at, windows[i].why, is_on ? "on" : "off",
                     (int)((next_ms - moment(windows[i].at)) / 60000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_local_unless_they_say_otherwise),
        cmocka_unit_test(only_weekdays_and_a_time_are_a_calendar),
        cmocka_unit_test(windows_begin_and_end_by_the_local_clock),
    };

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
