/* directory/srv: the order in which the servers of a domain are tried (RFC 2782), over many draws. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "directory/srv.h"

#define SEED    20261125
#define N_DRAWS 100000
#define NEAR    600 /* of N_DRAWS: four standard deviations of what chance does at most */

/* Hosts are letters, in the order of the arguments: a, b, ... */
struct case_record {
    unsigned priority, weight;
};

static GPtrArray *records(const struct case_record *cases, unsigned n)
{
    GPtrArray *servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free);

    for (unsigned i = 0; i < n; i++) {
        char host[] = {(char)('a' + i), '\0'};
        g_ptr_array_add(servers, wire_server_new(host, 389, cases[i].priority, cases[i].weight));
    }
    return servers;
}

static char host_at(const GPtrArray *servers, unsigned index)
{
    return *((const struct wire_server *)servers->pdata[index])->host;
}

/* ret_count[host - 'a']: how often it was drawn at that place. */
static void count(const struct case_record *cases, unsigned n, unsigned place, unsigned *ret_count)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    g_autoptr(GPtrArray) servers = records(cases, n);

    memset(ret_count, 0, n * sizeof *ret_count);
    for (unsigned draw = 0; draw < N_DRAWS; draw++) {
        srv_draw(servers, random);
        ret_count[host_at(servers, place) - 'a']++;
    }
}

static void assert_near(unsigned count, double share)
{
    int expected = (int)(N_DRAWS * share);

    if (ABS((int)count - expected) > NEAR)
        fail_msg("%u of %d draws instead of %d", count, N_DRAWS, expected);
}

static void lower_priorities_come_first_whatever_their_weight(void **state)
{
    static const struct case_record cases[] = {{20, 65535}, {0, 0}, {10, 1}, {65535, 65535}, {0, 0}};
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    g_autoptr(GPtrArray) servers = records(cases, G_N_ELEMENTS(cases));

    (void)state;
    for (unsigned draw = 0; draw < 1000; draw++) {
        srv_draw(servers, random);
        assert_true(strchr("be", host_at(servers, 0)) && strchr("be", host_at(servers, 1)));
        assert_int_equal(host_at(servers, 2), 'c');
        assert_int_equal(host_at(servers, 3), 'a');
        assert_int_equal(host_at(servers, 4), 'd');
    }
}

static void the_first_is_drawn_by_weight(void **state)
{
    static const struct case_record cases[] = {{0, 100}, {0, 300}, {0, 600}, {1, 9999}};
    unsigned counts[G_N_ELEMENTS(cases)];

    (void)state;
    count(cases, G_N_ELEMENTS(cases), 0, counts);
    assert_near(counts[0], 0.1);
    assert_near(counts[1], 0.3);
    assert_near(counts[2], 0.6);
    assert_int_equal(counts[3], 0);
}

static void the_second_is_drawn_by_weight_among_the_rest(void **state)
{
    static const struct case_record cases[] = {{0, 100}, {0, 300}, {0, 600}};
    unsigned counts[G_N_ELEMENTS(cases)];

    (void)state;
    count(cases, G_N_ELEMENTS(cases), 1, counts);
    assert_near(counts[0], 0.3 * 100 / 700 + 0.6 * 100 / 400);
    assert_near(counts[1], 0.1 * 300 / 900 + 0.6 * 300 / 400);
    assert_near(counts[2], 0.1 * 600 / 900 + 0.3 * 600 / 700);
}

static void without_weights_each_has_the_same_chance(void **state)
{
    static const struct case_record cases[] = {{5, 0}, {5, 0}, {5, 0}, {5, 0}};
    unsigned counts[G_N_ELEMENTS(cases)];

    (void)state;
    for (unsigned place = 0; place < G_N_ELEMENTS(cases); place++) {
        count(cases, G_N_ELEMENTS(cases), place, counts);
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
            assert_near(counts[i], 0.25);
    }
}

static void without_weight_beside_others_the_chance_is_small_and_there(void **state)
{
    static const struct case_record cases[] = {{0, 0}, {0, 99}, {0, 0}};
    unsigned counts[G_N_ELEMENTS(cases)];

    (void)state;
    count(cases, G_N_ELEMENTS(cases), 0, counts);
    assert_near(counts[1], 0.99);
    assert_true(counts[0] > 0 && counts[2] > 0);
}

static void nothing_is_lost_or_made(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);

    (void)state;
    for (unsigned n = 0; n <= WIRE_MAX_SERVERS; n += 1 + n / 4) {
        g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free);
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        for (unsigned i = 0; i < n; i++) {
            g_autofree char *host = g_strdup_printf("h%u", i);
            g_ptr_array_add(servers, wire_server_new(host, 1, i % 3, i % 2 ? 65535 : 0));
        }
        srv_draw(servers, random);
        assert_int_equal(servers->len, n);
        for (unsigned i = 0; i < n; i++)
            g_hash_table_add(seen, ((struct wire_server *)servers->pdata[i])->host);
        assert_int_equal(g_hash_table_size(seen), n);
    }
}

static void equal_are_the_same_records_in_the_same_order(void **state)
{
    static const struct case_record same[] = {{1, 2}, {3, 4}}, other_weight[] = {{1, 2}, {3, 5}},
                                    other_priority[] = {{0, 2}, {3, 4}}, fewer[] = {{1, 2}};
    g_autoptr(GPtrArray) a = records(same, 2), b = records(same, 2), c = records(other_weight, 2),
                         d = records(other_priority, 2), e = records(fewer, 1);

    (void)state;
    assert_true(srv_equal(a, b));
    assert_false(srv_equal(a, c));
    assert_false(srv_equal(a, d));
    assert_false(srv_equal(a, e));
    assert_false(srv_equal(e, a));
    ((struct wire_server *)b->pdata[1])->port = 636;
    assert_false(srv_equal(a, b));
}

static void a_server_has_the_uri_of_its_host_and_port(void **state)
{
    struct wire_server *server = wire_server_new("dc1.example.com", 3268, 0, 0);
    g_autofree char *uri = srv_uri(server);

    (void)state;
    assert_string_equal(uri, "ldap://dc1.example.com:3268");
    wire_server_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lower_priorities_come_first_whatever_their_weight),
        cmocka_unit_test(the_first_is_drawn_by_weight),
        cmocka_unit_test(the_second_is_drawn_by_weight_among_the_rest),
        cmocka_unit_test(without_weights_each_has_the_same_chance),
        cmocka_unit_test(without_weight_beside_others_the_chance_is_small_and_there),
        cmocka_unit_test(nothing_is_lost_or_made),
        cmocka_unit_test(equal_are_the_same_records_in_the_same_order),
        cmocka_unit_test(a_server_has_the_uri_of_its_host_and_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
