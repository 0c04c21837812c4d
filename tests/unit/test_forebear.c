/* When the value of the entry above is read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forebear.h"

#define PLACE "cn=custom,o=mms"
#define VALUE "/o=mms/cn=custom"

static void see(struct forebear *forebear, const char *dn, const char *value, bool is_read, const char *above)
{
    g_autoptr(observation_t) seen = observation_new(0);

    seen->entry_dn = g_strdup(dn);
    seen->found_dn = g_strdup(value);
    seen->is_parent_read = is_read;
    seen->parent_value = g_strdup(above);
    forebear_note(forebear, seen);
}

static void it_is_read_at_first_and_then_each_tenth_time(void **state)
{
    struct forebear forebear = {0};
    unsigned n_read = 0;

    (void)state;
    for (unsigned i = 0; i < 10 * FOREBEAR_EVERY; i++) {
        bool is_due = forebear_is_due(&forebear);

        assert_true(is_due == (i % FOREBEAR_EVERY == 0));
        n_read += is_due;
        see(&forebear, PLACE, VALUE, is_due, is_due ? "/o=mms" : NULL);
        assert_string_equal(forebear.value, "/o=mms");
    }
    assert_int_equal(n_read, 10);
    forebear_clear(&forebear);
}

static void it_is_read_again_when_the_entry_has_another_place_or_value(void **state)
{
    static const struct {
        const char *dn, *value;
        bool is_due;
    } cases[] = {{PLACE, VALUE, false}, {PLACE, "/o=mms/cn=x", true}, {"cn=custom,ou=x,o=mms", VALUE, true}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct forebear forebear = {0};

        see(&forebear, PLACE, VALUE, true, "/o=mms");
        see(&forebear, cases[i].dn, cases[i].value, false, NULL);
        assert_true(forebear_is_due(&forebear) == cases[i].is_due);
        see(&forebear, cases[i].dn, cases[i].value, true, NULL);
        assert_false(forebear_is_due(&forebear));
        assert_null(forebear.value);
        forebear_clear(&forebear);
    }
}

static void what_got_no_answer_stays_due_and_what_is_known_stays_known(void **state)
{
    struct forebear forebear = {0};

    (void)state;
    see(&forebear, PLACE, VALUE, false, NULL);
    assert_true(forebear_is_due(&forebear));
    see(&forebear, PLACE, VALUE, true, "/o=mms");
    see(&forebear, NULL, NULL, false, NULL);  /* nobody was found */
    see(&forebear, PLACE, NULL, false, NULL); /* the pinned entry bears something else */
    assert_false(forebear_is_due(&forebear));
    assert_string_equal(forebear.value, "/o=mms");
    forebear_clear(&forebear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_at_first_and_then_each_tenth_time),
        cmocka_unit_test(it_is_read_again_when_the_entry_has_another_place_or_value),
        cmocka_unit_test(what_got_no_answer_stays_due_and_what_is_known_stays_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
