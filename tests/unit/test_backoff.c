#include "directory/backoff.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct {
    enum backoff_kind kind;
    unsigned failures; /* before this one */
    int64_t least_ms, most_ms;
    const char *why;
} table[] = {
    {BACKOFF_SERVER, 0, 1000, 2000, "the first failure is short, yet never tighter than a second"},
    {BACKOFF_SERVER, 1, 1000, 4000, "the ceiling doubles"},
    {BACKOFF_SERVER, 4, 1000, 32000, "and doubles"},
    {BACKOFF_SERVER, 5, 1000, 60000, "up to a minute"},
    {BACKOFF_SERVER, 1000000, 1000, 60000, "and stays there, however often it failed"},
    {BACKOFF_CREDENTIALS, 0, 300000, 600000, "a refused password is left alone for five minutes at least"},
    {BACKOFF_CREDENTIALS, 1, 600000, 1200000, "and longer the second time"},
    {BACKOFF_CREDENTIALS, 50, 1800000, 3600000, "but an hour at most"},
};

static int64_t delay(size_t row, int64_t now_ms, uint32_t random)
{
    struct backoff old = {.until_ms = 1, .failures = table[row].failures};

    return backoff_next(old, table[row].kind, now_ms, random).until_ms - now_ms;
}

static void the_least_and_the_greatest_delay_are_as_promised(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(delay(i, 5000, 0), table[i].least_ms);
        assert_int_equal(delay(i, 5000, UINT32_MAX), table[i].most_ms);
    }
}

static void every_random_number_gives_a_delay_between_them_and_more_gives_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t before = 0;
        for (uint64_t random = 0; random <= UINT32_MAX; random += 0x00ffffff) {
            int64_t delay_ms = delay(i, 0, (uint32_t)random);
            assert_true(delay_ms >= table[i].least_ms && delay_ms <= table[i].most_ms);
            assert_true(delay_ms >= before);
            before = delay_ms;
        }
    }
}

static void a_server_that_never_failed_is_not_in_back_off(void **state)
{
    (void)state;
    assert_true(backoff_is_over((struct backoff){0}, 0));
    assert_true(backoff_is_over((struct backoff){0}, -5000));
}

static void a_back_off_ends_at_its_time_and_not_before(void **state)
{
    struct backoff backoff = backoff_next((struct backoff){0}, BACKOFF_SERVER, 100, 0);

    (void)state;
    assert_int_equal(backoff.failures, 1);
    assert_false(backoff_is_over(backoff, 1099));
    assert_true(backoff_is_over(backoff, 1100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_and_the_greatest_delay_are_as_promised),
        cmocka_unit_test(every_random_number_gives_a_delay_between_them_and_more_gives_more),
        cmocka_unit_test(a_server_that_never_failed_is_not_in_back_off),
        cmocka_unit_test(a_back_off_ends_at_its_time_and_not_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
