/* directory/standing: what is known of a server stays known while it fails, until it says otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "directory/standing.h"

static const struct wire_ready limited = {(char *)"unknown", (char *)"it cannot", 4102444800};
static const struct wire_ready plain = {(char *)"OpenLDAP", NULL, 0};

static void nothing_is_known_of_a_server_that_was_never_reached(void **state)
{
    struct standing standing = {0};

    (void)state;
    standing_note_failure(&standing, PHASE_TLS, REASON_TLS, 0, g_strdup("it has expired"));
    assert_null(standing.kind);
    assert_null(standing.limits);
    assert_int_equal(standing.wall_certificate_expires_s, 0);
    standing_clear(&standing);
}

static void what_a_server_told_outlives_its_failures(void **state)
{
    struct standing standing = {0};

    (void)state;
    standing_introduce(&standing, &limited);
    standing_prove(&standing);
    standing_note_failure(&standing, PHASE_TLS, REASON_TLS, 0, g_strdup("it has expired"));
    standing_back_off(&standing, 1000, 7);
    standing_forgive(&standing);
    assert_string_equal(standing.kind, "unknown");
    assert_string_equal(standing.limits, "it cannot");
    assert_int_equal(standing.wall_certificate_expires_s, 4102444800);
    standing_clear(&standing);
    assert_null(standing.kind);
}

static void a_later_introduction_replaces_all_of_the_earlier_one(void **state)
{
    struct standing standing = {0};

    (void)state;
    standing_introduce(&standing, &limited);
    standing_introduce(&standing, &plain);
    assert_string_equal(standing.kind, "OpenLDAP");
    assert_null(standing.limits);
    assert_int_equal(standing.wall_certificate_expires_s, 0);
    standing_clear(&standing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_of_a_server_that_was_never_reached),
        cmocka_unit_test(what_a_server_told_outlives_its_failures),
        cmocka_unit_test(a_later_introduction_replaces_all_of_the_earlier_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
