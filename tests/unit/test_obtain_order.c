/* ctl/obtain_order: what may stand behind `dndriftctl obtain`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/obtain_order.h"
#include "directory/wire.h"

#define MAX_WORDS 8

static bool parse(const char *const *words, struct obtain_order *ret_order, GError **error)
{
    *ret_order = (struct obtain_order){0};
    return obtain_order_parse((char **)words, ret_order, error);
}

static void what_it_takes(void **state)
{
    static const struct {
        const char *words[MAX_WORDS], *directory, *name, *filter;
        bool is_json;
    } cases[] = {
        {{"mms"}, "mms", NULL, NULL, false},
        {{"mms", "Custom Recipients"}, "mms", "Custom Recipients", NULL, false},
        {{"--json", "mms", "--entry-filter", "(mail=*)", "x"}, "mms", "x", "(mail=*)", true},
        {{"mms", "--entry-filter=(&(a=b)(!(c=d)))"}, "mms", NULL, "(&(a=b)(!(c=d)))", false},
        {{"mms", "--", "--json"}, "mms", "--json", NULL, false},
        {{"--json", "--", "mms", "-x"}, "mms", "-x", NULL, true},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct obtain_order order;

        assert_true(parse(cases[i].words, &order, NULL));
        assert_string_equal(order.directory, cases[i].directory);
        assert_int_equal(g_strcmp0(order.name, cases[i].name), 0);
        assert_int_equal(g_strcmp0(order.entry_filter, cases[i].filter), 0);
        assert_int_equal(order.is_json, cases[i].is_json);
    }
}

static void what_it_refuses(void **state)
{
    g_autofree char *long_name = g_strnfill(WIRE_MAX_TEXT + 1, 'x');
    const struct {
        const char *words[MAX_WORDS], *says;
    } cases[] = {
        {{NULL}, "needs the name of a [directory] section"},
        {{"--json"}, "needs the name of a [directory] section"},
        {{""}, "is given an empty name of a directory"},
        {{"mms", ""}, "is given an empty name of a container"},
        {{"mms", "Custom", "Recipients"}, "not `Recipients' as well; quote a name that has spaces"},
        {{"mms", "--all"}, "has no option `--all'"},
        {{"mms", "-"}, "has no option `-'"},
        {{"mms", "--entry-filter"}, "--entry-filter needs a filter"},
        {{"mms", "--entry-filter", "mail=*"}, "--entry-filter: `mail=*` is no LDAP filter"},
        {{"mms", "--entry-filter="}, "is no LDAP filter"},
        {{"mms", "--entry-filter", "(cn=\x1b)"}, "holds what a terminal does not show, expected \\XX"},
        {{"mms", "--entry-filter", "(cn=\xff)"}, "holds what a terminal does not show, expected \\XX"},
        {{"mms", long_name}, "bytes, expected at most 8192"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        struct obtain_order order;

        assert_false(parse(cases[i].words, &order, &error));
        if (!strstr(error->message, cases[i].says))
            fail_msg("says \"%s\", not \"%s\"", error->message, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_it_takes), cmocka_unit_test(what_it_refuses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
