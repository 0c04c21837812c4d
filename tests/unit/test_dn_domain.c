/* dn/domain: which DNs are domains (RFC 2247), and which domain each is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "dn/domain.h"
#include "dn/parse.h"

#define LABEL_63 "a123456789b123456789c123456789d123456789e123456789f123456789g12"

static const struct {
    const char *dn;
    const char *domain; /* NULL: none */
    const char *why;
} cases[] = {
    {"dc=example,dc=com", "example.com", "the example of everybody"},
    {"dc=com", "com", "one label is a domain"},
    {"DC=Example, DC=COM", "example.com", "names of DNS know no case"},
    {"domainComponent=a,0.9.2342.19200300.100.1.25=b,OID.0.9.2342.19200300.100.1.25=c", "a.b.c",
     "the type by all its names"},
    {"dc=\"a\";dc=\\62", "a.b", "whatever the DN's own spelling"},
    {"dc=xn--mller-kva,dc=under_score,dc=1", "xn--mller-kva.under_score.1", "all that a label may hold"},
    {"dc=" LABEL_63 ",dc=com", LABEL_63 ".com", "as long as a label may be"},
    {"", NULL, "the root DSE is no domain"},
    {"ou=people,dc=example,dc=com", NULL, "an entry below the domain"},
    {"dc=example,o=com", NULL, "something else at the top"},
    {"dc=a+ou=b,dc=com", NULL, "two values in one RDN"},
    {"dc=example.com", NULL, "a dot in a label"},
    {"dc=a\\00b", NULL, "a NUL byte in a label"},
    {"dc=a\\0Ab", NULL, "a newline in a label"},
    {"dc=a b", NULL, "a blank in a label"},
    {"dc=a/b", NULL, "a slash in a label"},
    {"dc=m\xC3\xBCller", NULL, "DNS wants the xn-- form"},
    {"dc=", NULL, "an empty label"},
    {"dc=#0C0161", "a", "a value in BER that is a string is one"},
    {"dc=#3000", NULL, "a value in BER that is none"},
    {"dc=" LABEL_63 "x,dc=com", NULL, "a label longer than DNS allows"},
    {"dc=" LABEL_63 ",dc=" LABEL_63 ",dc=" LABEL_63 ",dc=" LABEL_63, NULL, "a domain longer than DNS allows"},
};

static void each_dn_is_the_domain_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(dn_t) dn = dn_parse(cases[i].dn, NULL, NULL);
        g_autofree char *domain = dn ? domain_of_dn(dn) : NULL;

        if (g_strcmp0(domain, cases[i].domain) != 0)
            fail_msg("%s: %s instead of %s", cases[i].why, domain, cases[i].domain);
    }
}

static void a_domain_comes_back_from_its_dn(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (!cases[i].domain)
            continue;
        g_autofree char *text = domain_to_dn(cases[i].domain);
        g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);
        g_autofree char *domain = domain_of_dn(dn);
        assert_string_equal(domain, cases[i].domain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_dn_is_the_domain_it_is),
        cmocka_unit_test(a_domain_comes_back_from_its_dn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
