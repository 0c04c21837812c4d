/* Watches dealt out over daemons: fixed for all releases, and each in exactly one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib.h>

#include "config/shard.h"

/* From `printf NAME | sha256sum`: the first 16 digits as a number, modulo the count. */
static const struct {
    const char *name;
    unsigned of_2, of_3, of_10, of_1000;
} vectors[] = {
    {"custom-recipients", 0, 0, 2, 742}, {"people", 0, 1, 4, 734}, {"w", 0, 0, 2, 872},
    {"postfix.aliases", 0, 0, 6, 36},    {"Z9", 0, 1, 4, 374},
};

static void a_name_belongs_to_the_same_shard_for_ever(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(vectors); i++) {
        assert_int_equal(shard_of(vectors[i].name, 1), 0);
        assert_int_equal(shard_of(vectors[i].name, 2), vectors[i].of_2);
        assert_int_equal(shard_of(vectors[i].name, 3), vectors[i].of_3);
        assert_int_equal(shard_of(vectors[i].name, 10), vectors[i].of_10);
        assert_int_equal(shard_of(vectors[i].name, 1000), vectors[i].of_1000);
    }
}

static void no_shard_gets_much_more_than_its_part(void **state)
{
    unsigned n[4] = {0};

    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        g_autofree char *name = g_strdup_printf("watch-%u", i);
        n[shard_of(name, G_N_ELEMENTS(n))]++;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(n); i++)
        assert_in_range(n[i], 2300, 2700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_belongs_to_the_same_shard_for_ever),
        cmocka_unit_test(no_shard_gets_much_more_than_its_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
