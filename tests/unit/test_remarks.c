/* remarks: what is told of a server is told once, or once a day, and a restart forgets nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "remarks.h"
#include "store/batch.h"

#define MINUTE  (INT64_C(60) * 1000)
#define HOUR    (60 * MINUTE)
#define DAY     (24 * HOUR)
#define NOW     INT64_C(1795469423000)
#define WARNING (14 * DAY)

static struct remarks *fresh(void)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    return remarks_new(none);
}

static struct server_health server_limited(const char *uri, const char *limits)
{
    return (struct server_health){.server = uri, .limits = limits};
}

static struct server_health server_until(int64_t wall_ms)
{
    return (struct server_health){.server = "ldaps://a:636", .wall_certificate_expires_s = wall_ms / 1000};
}

static void limits_are_told_once_each_server_and_text(void **state)
{
    static const struct {
        int64_t boot_ms;
        const char *directory, *server, *limits;
        bool expected;
        const char *why;
    } steps[] = {
        {0, "d", "a", NULL, false, "nothing to say"},
        {0, "d", "a", "one", true, "the first time"},
        {DAY, "d", "a", "one", false, "again, a day later"},
        {DAY, "d", "b", "one", true, "another server"},
        {DAY, "e", "a", "one", true, "the same server in another directory"},
        {DAY, "d", "a", NULL, false, "it can now"},
        {DAY, "d", "a", "one", false, "and cannot again: known"},
        {DAY, "d", "a", "two", true, "another text"},
        {DAY + 1, "d", "a", "three", false, "and another: it may be one that never stops"},
        {DAY + 5 * MINUTE - 1, "d", "a", "three", false, "not yet"},
        {DAY + 5 * MINUTE, "d", "a", "three", true, "it still says so"},
    };
    struct remarks *remarks = fresh();

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        struct server_health server = server_limited(steps[i].server, steps[i].limits);
        if (remarks_note_limits(remarks, steps[i].directory, &server, steps[i].boot_ms) != steps[i].expected)
            fail_msg("%s", steps[i].why);
    }
    remarks_free(remarks);
}

static void an_expiry_is_told_once_a_day_from_the_warning_time_on(void **state)
{
    static const struct {
        int64_t wall_ms;
        int64_t expires_ms;
        bool expected;
        const char *why;
    } steps[] = {
        {NOW, 0, false, "no certificate"},
        {NOW, NOW + WARNING, false, "far enough"},
        {NOW + 1000, NOW + WARNING, true, "within the time"},
        {NOW + 2000, NOW + WARNING, false, "told already"},
        {NOW + DAY, NOW + WARNING, false, "not a day ago"},
        {NOW + 1000 + DAY, NOW + WARNING, true, "a day ago"},
        {NOW + 2 * DAY, NOW + 90 * DAY, false, "a new certificate"},
        {NOW + 2 * DAY, NOW + 9 * DAY, false, "another that ends soon, on the same day"},
        {NOW + 2 * DAY + 1000, NOW + DAY, true, "expired"},
        {NOW + 2 * DAY, NOW + DAY, false, "the clock was set back by a second"},
        {NOW, NOW - DAY, true, "the clock was set back by more than a day"},
    };
    struct remarks *remarks = fresh();

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        struct server_health server = server_until(steps[i].expires_ms);
        if (remarks_note_certificate(remarks, "d", &server, WARNING, steps[i].wall_ms) != steps[i].expected)
            fail_msg("%s", steps[i].why);
    }
    remarks_free(remarks);
}

static void no_warning_time_is_no_warning(void **state)
{
    struct server_health server = server_until(NOW - DAY);
    struct remarks *remarks = fresh();

    (void)state;
    assert_false(remarks_note_certificate(remarks, "d", &server, 0, NOW));
    assert_true(remarks_note_certificate(remarks, "d", &server, WARNING, NOW));
    remarks_free(remarks);
}

static void what_was_told_before_a_restart_counts(void **state)
{
    g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func((GDestroyNotify)server_notice_free);
    struct server_health server = server_until(NOW + DAY);

    (void)state;
    g_ptr_array_add(told, server_notice_new("d", "ldaps://a:636", NOW - HOUR));
    struct remarks *remarks = remarks_new(told);
    assert_false(remarks_note_certificate(remarks, "d", &server, WARNING, NOW));
    assert_true(remarks_note_certificate(remarks, "e", &server, WARNING, NOW));
    assert_true(remarks_note_certificate(remarks, "d", &server, WARNING, NOW + 23 * HOUR));
    remarks_free(remarks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_told_once_each_server_and_text),
        cmocka_unit_test(an_expiry_is_told_once_a_day_from_the_warning_time_on),
        cmocka_unit_test(no_warning_time_is_no_warning),
        cmocka_unit_test(what_was_told_before_a_restart_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
