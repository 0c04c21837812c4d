/* dn_diff() and dn_diff_explain(): where two DNs part, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "dn/diff.h"
#include "dn/dn.h"
#include "dn/parse.h"

static const struct {
    const char *a, *b;
    enum dn_difference difference;
    int index_a, index_b;
    const char *clause;
} cases[] = {
    {"cn=a,o=b", "cn=a,o=b", DN_SAME, -1, -1, "spelled alike"},
    {"", "", DN_SAME, -1, -1, "spelled alike"},
    {"cn=a,ou=X,o=b", "cn=A,ou=x,o=b", DN_SPELLED_CASE, 1, 1,
     "`ou=X` and `ou=x`: upper and lower case differ"},
    {"CN=a,o=b", "cn=a,o=b", DN_SPELLED_CASE, 0, 0, "`CN=a` and `cn=a`: upper and lower case differ"},
    {"cn=a  b,o=b", "cn=a b,o=b", DN_SPELLED_SPACE, 0, 0, "`cn=a  b` and `cn=a b`: spaces differ"},
    {"cn=a, o=b", "cn=a,o=b", DN_SPELLED_SPACE, -1, -1, "spaces differ"},
    {"commonName=a,o=b", "cn=a,o=b", DN_SPELLED_TYPE, 0, 0,
     "`commonName=a` and `cn=a`: another name of the same attribute type"},
    {"sn=b+cn=a,o=b", "cn=a+sn=b,o=b", DN_SPELLED_ORDER, 0, 0,
     "`sn=b+cn=a` and `cn=a+sn=b`: the values stand in another order"},
    {"cn=a\\2cb", "cn=a\\,b", DN_SPELLED_ESCAPE, -1, -1,
     "escapes, quotes, separators or the Unicode form differ"},
    {"cn=\xC3\xBC", "cn=u\xCC\x88", DN_SPELLED_ESCAPE, 0, 0,
     "`cn=\xC3\xBC` and `cn=u\xCC\x88`: escapes, quotes, separators or the Unicode form differ"},
    {"OU=Sales,o=b", "CN=sales,o=b", DN_OTHER_TYPE, 0, 0,
     "`OU=Sales` where the other has `CN=sales`: the same value under another attribute type"},
    {"cn=Custom Recipients,cn=r,o=b", "cn=custom,cn=r,o=b", DN_OTHER_VALUE, 0, 0,
     "`cn=Custom Recipients` where the other has `cn=custom`: another value"},
    {"cn=a,ou=x,ou=1,o=b", "cn=c,ou=y,ou=2,o=b", DN_OTHER_VALUE, 2, 2,
     "`ou=1` where the other has `ou=2`: another value"},
    {"cn=a,o=b", "ou=x,o=b", DN_OTHER_RDN, 0, 0, "`cn=a` where the other has `ou=x`"},
    {"cn=a+sn=b,o=b", "cn=a,o=b", DN_OTHER_RDN, 0, 0, "`cn=a+sn=b` where the other has `cn=a`"},
    {"cn=a+cn=b,o=b", "cn=a,o=b", DN_OTHER_RDN, 0, 0, "`cn=a+cn=b` where the other has `cn=a`"},
    {"o=b", "cn=a,ou=x,o=b", DN_SHORTER, -1, 1, "it ends above `ou=x`"},
    {"cn=a,ou=x,o=b", "o=b", DN_LONGER, 1, -1, "it goes on with `ou=x` where the other ends"},
    {"", "o=b", DN_SHORTER, -1, 0, "it ends above `o=b`"},
    {"cn=a\nb", "cn=c", DN_OTHER_VALUE, 0, 0, "`cn=a\\0Ab` where the other has `cn=c`: another value"},
};

static void the_first_difference_from_the_top_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(dn_t) a = dn_parse(cases[i].a, NULL, NULL);
        g_autoptr(dn_t) b = dn_parse(cases[i].b, NULL, NULL);
        struct dn_diff diff = {0};
        g_autofree char *clause = NULL;

        dn_diff(a, cases[i].a, b, cases[i].b, &diff);
        clause = dn_diff_explain(&diff);
        if (diff.difference != cases[i].difference || diff.index_a != cases[i].index_a ||
            diff.index_b != cases[i].index_b || strcmp(clause, cases[i].clause) != 0)
            fail_msg("<%s> and <%s>: %d, %d, %d, %s", cases[i].a, cases[i].b, diff.difference, diff.index_a,
                     diff.index_b, clause);
        dn_diff_clear(&diff);
        assert_null(diff.rdn_a);
        assert_null(diff.rdn_b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_difference_from_the_top_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
