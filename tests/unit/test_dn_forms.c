/* The written forms of a DN: recognised, read, written, and turned into each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "dn/canonical.h"
#include "dn/equal.h"
#include "dn/print.h"
#include "dn/read.h"
#include "dn/write.h"

static const struct {
    const char *text;
    enum dn_form form;
    const char *ldap; /* as dn_print() writes it; NULL: refused */
    const char *why;
} read_cases[] = {
    {"/o=mms/ou=charlotte/cn=recipients/cn=custom", DN_FORM_X500,
     "cn=custom,cn=recipients,ou=charlotte,o=mms", "the article"},
    {"/O=MMS/OU=CHARLOTTE/CN=RECIPIENTS", DN_FORM_X500, "CN=RECIPIENTS,OU=CHARLOTTE,O=MMS",
     "capitals (Q284199)"},
    {"o=Org/ou=Site/cn=Recipients", DN_FORM_X500, "cn=Recipients,ou=Site,o=Org", "no first slash (Q187529)"},
    {"\\o=Org\\ou=Site\\cn=x", DN_FORM_X500, "cn=x,ou=Site,o=Org", "backslashes (Q190711)"},
    {"EX:/o=Org/cn=x", DN_FORM_X500, "cn=x,o=Org", "MS-OXLDAP 2.2.3.2"},
    {"X500:/o=Org/cn=x", DN_FORM_X500, "cn=x,o=Org", "a proxy address (Q314739)"},
    {"x500:o=Org", DN_FORM_X500, "o=Org", "a prefix decides"},
    {" /o=Org", DN_FORM_X500, "o=Org", "a blank before it"},
    {"/o=Acme, Inc./cn=a+b=c\\d\"e", DN_FORM_X500, "cn=a\\+b=c\\\\d\\\"e,o=Acme\\, Inc.",
     "nothing is an escape"},
    {"/dc=com/dc=example/cn=x", DN_FORM_X500, "cn=x,dc=example,dc=com", "as OpenSSL writes one"},
    {"/", DN_FORM_X500, NULL, "the global address list is no entry"},
    {"/o=", DN_FORM_X500, NULL, "no value"},
    {"/o=a/", DN_FORM_X500, NULL, "an empty component"},
    {"//o=a", DN_FORM_X500, NULL, "an empty component first"},
    {"/Recipients/cn=x", DN_FORM_X500, NULL, "no type"},
    {"/=x", DN_FORM_X500, NULL, "an empty type"},
    {"/o=x/a.b=y", DN_FORM_X500, NULL, "neither a name nor numbers"},
    {"/o=x/2.5.4.11=y", DN_FORM_X500, "2.5.4.11=y,o=x", "numbers"},
    {"example.com/Sales/Partner Contacts", DN_FORM_CANONICAL,
     "name=Partner Contacts,name=Sales,dc=example,dc=com", "MS-ADTS canonicalName"},
    {"example.com/", DN_FORM_CANONICAL, "dc=example,dc=com", "the domain itself"},
    {"example.com/a\\/b/c\\\\d", DN_FORM_CANONICAL, "name=c\\\\d,name=a/b,dc=example,dc=com", "escaped"},
    {"example.com/a\\,b/c\\3Bd\\\\2C/\\ e", DN_FORM_CANONICAL,
     "name=\\ e,name=c\\;d\\\\2C,name=a\\,b,dc=example,dc=com", "as Samba writes it"},
    {"canonical:corp/Users", DN_FORM_CANONICAL, "name=Users,dc=corp", "a prefix decides"},
    {"example.com//x", DN_FORM_CANONICAL, NULL, "an empty component"},
    {"example..com/x", DN_FORM_CANONICAL, NULL, "an empty label"},
    {"example.com./x", DN_FORM_CANONICAL, NULL, "a label short"},
    {"canonical:/x", DN_FORM_CANONICAL, NULL, "no domain"},
    {"o=a/b", DN_FORM_LDAP, "o=a/b", "an organization with a slash"},
    {"o=a/b=c", DN_FORM_LDAP, "o=a/b=c", "nothing that Exchange would write"},
    {"o=a/ou=b,dc=x", DN_FORM_LDAP, "o=a/ou=b,dc=x", "a comma: an LDAP DN"},
    {"ldap:o=a/ou=b", DN_FORM_LDAP, "o=a/ou=b", "a prefix decides"},
    {"<GUID=310de56c0f4e4a0bb1a47a3c5e0c2b11>", DN_FORM_EXTENDED, NULL, "a server's to resolve"},
    {"<sid=S-1-5-21>", DN_FORM_EXTENDED, NULL, "the same"},
    {"<WKGUID=a9d1ca15768811d1aded00c04fd8d5cd,dc=example,dc=com>", DN_FORM_EXTENDED, NULL, "the same"},
};

static void each_form_is_known_by_its_look_or_its_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(read_cases); i++) {
        enum dn_form form = DN_FORMS;
        g_autoptr(GError) error = NULL;
        g_autoptr(dn_t) dn = dn_read(read_cases[i].text, &form, &error);
        g_autofree char *printed = dn ? dn_print(dn) : NULL;

        if (form != read_cases[i].form || g_strcmp0(printed, read_cases[i].ldap) != 0)
            fail_msg("<%s>: %s <%s>, %s (%s)", read_cases[i].text, dn_form_name(form), printed,
                     error ? error->message : "", read_cases[i].why);
        assert_true((dn == NULL) == (error != NULL));
    }
}

static void a_server_is_asked_for_an_ldap_dn(void **state)
{
    static const struct {
        const char *text, *ldap;
    } cases[] = {
        {" CN = a ; o=b", " CN = a ; o=b"},
        {"ldap:o=a/ou=b", "o=a/ou=b"},
        {"EX:/o=mms/cn=a,b", "cn=a\\,b,o=mms"},
        {"<GUID=1>", "<GUID=1>"},
        {"example.com/Sales", NULL},
        {"nonsense", NULL},
        {"ldap://dc1/o=mms", NULL},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *ldap = dn_read_as_ldap(cases[i].text, NULL);

        if (g_strcmp0(ldap, cases[i].ldap) != 0)
            fail_msg("<%s>: <%s>", cases[i].text, ldap);
    }
}

static const struct {
    const char *ldap;
    enum dn_form form;
    const char *written; /* NULL: it cannot */
    const char *says;
} write_cases[] = {
    {"cn=custom,ou=charlotte,o=mms", DN_FORM_X500, "/o=mms/ou=charlotte/cn=custom", NULL},
    {"cn=a\\,b\\+c,o=x", DN_FORM_X500, "/o=x/cn=a,b+c", NULL},
    {"", DN_FORM_X500, NULL, "cannot write the root DSE"},
    {"cn=a/b,o=x", DN_FORM_X500, NULL, "cannot write cn=a/b: a slash inside a value"},
    {"cn=a+sn=b,o=x", DN_FORM_X500, NULL, "several values in one component"},
    {"cn=M\xC3\xBCller,o=x", DN_FORM_X500, NULL, "not printable ASCII"},
    {"cn=a\\0ADEL:1,o=x", DN_FORM_X500, NULL, "not printable ASCII"},
    {"cn=#0500,o=x", DN_FORM_X500, NULL, "a value that is no text"},
    {"cn=,o=x", DN_FORM_X500, NULL, "an empty value"},
    {"OU=Partner Contacts,OU=Sales,DC=example,DC=com", DN_FORM_CANONICAL,
     "example.com/Sales/Partner Contacts", NULL},
    {"DC=example,DC=com", DN_FORM_CANONICAL, "example.com/", NULL},
    {"CN=a/b\\\\c,DC=example,DC=com", DN_FORM_CANONICAL, "example.com/a\\/b\\\\c", NULL},
    {"cn=a,o=x", DN_FORM_CANONICAL, NULL, "no dc= at the top"},
    {"cn=a+sn=b,dc=x", DN_FORM_CANONICAL, NULL, "several values"},
    {"cn=a,dc=b.c", DN_FORM_CANONICAL, NULL, "a dot or slash in a label"},
    {"cn=a,dc=", DN_FORM_CANONICAL, NULL, "an empty value"},
    {"cn=a,dc=x", DN_FORM_EXTENDED, NULL, "is not written from a DN"},
};

static void what_a_form_cannot_say_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(write_cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(dn_t) dn = dn_read(write_cases[i].ldap, NULL, NULL);
        g_autofree char *written = dn_write(dn, write_cases[i].form, &error);

        if (g_strcmp0(written, write_cases[i].written) != 0)
            fail_msg("<%s>: <%s>", write_cases[i].ldap, written);
        if (!written && !strstr(error->message, write_cases[i].says))
            fail_msg("<%s>: %s", write_cases[i].ldap, error->message);
    }
}

static void a_canonical_name_does_not_tell_types(void **state)
{
    g_autoptr(dn_t) dn = dn_read("example.com/Sales", NULL, NULL);
    g_autoptr(GError) ldap_error = NULL, x500_error = NULL;

    (void)state;
    assert_true(canonical_is_untyped(dn));
    assert_null(dn_write(dn, DN_FORM_LDAP, &ldap_error));
    assert_non_null(strstr(ldap_error->message, "only the directory knows"));
    assert_null(dn_write(dn, DN_FORM_X500, &x500_error));
    assert_non_null(strstr(x500_error->message, "does not tell"));
}

static const struct {
    const char *like, *written;
} like_cases[] = {
    {"cn=custom,o=mms", "cn=partners,ou=a,o=mms"},
    {"/o=mms/cn=custom", "/o=mms/ou=a/cn=partners"},
    {"o=mms/cn=custom", "o=mms/ou=a/cn=partners"},
    {"\\o=mms\\cn=custom", "\\o=mms\\ou=a\\cn=partners"},
    {"EX:/o=mms/cn=custom", "EX:/o=mms/ou=a/cn=partners"},
    {"X500:o=mms", "X500:o=mms/ou=a/cn=partners"},
    {"example.com/custom", NULL},
    {"<GUID=1>", NULL},
};

static void a_value_is_put_back_as_the_other_one_was_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(like_cases); i++) {
        g_autofree char *written = dn_write_like("cn=partners,ou=a,o=mms", like_cases[i].like, NULL);

        if (g_strcmp0(written, like_cases[i].written) != 0)
            fail_msg("like <%s>: <%s>", like_cases[i].like, written);
    }
    assert_null(dn_write_like("cn=a\\\\b,o=mms", "\\o=mms", NULL));
    g_autofree char *spelled = dn_write_like("CN=a\\2C b , o=mms", "cn=x,o=mms", NULL);
    assert_string_equal(spelled, "CN=a\\2C b , o=mms"); /* as the directory spells it */
}

static char *times(const char *text, unsigned n)
{
    GString *out = g_string_new(NULL);

    while (n--)
        g_string_append(out, text);
    return g_string_free(out, FALSE);
}

static void what_exchange_does_not_allow_is_warned_of(void **state)
{
    g_autofree char *sixty_four = times("x", 64), *deep = times("/cn=a", 16), *deeper = times("/cn=a", 17);
    g_autofree char *at_limit = g_strconcat("/o=", sixty_four, NULL),
                    *beyond = g_strconcat(at_limit, "x", NULL);
    g_autofree char *component = g_strconcat("/cn=", sixty_four, NULL), *long_one = times(component, 5);
    const struct {
        const char *text;
        unsigned n_warnings;
    } cases[] = {{"/o=mms/cn=a", 0},      {"/o=O'Neil", 1}, {"/o=a /cn= b", 2},
                 {"/o=\xC3\xBC", 1},      {at_limit, 0},    {beyond, 1},
                 {long_one, 1},           {deep, 0},        {deeper, 1},
                 {"cn=#x\xC3\xBC,o=x", 0}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        enum dn_form form;
        g_autoptr(dn_t) dn = dn_read(cases[i].text, &form, NULL);
        g_autoptr(GPtrArray) warnings = dn ? dn_lint(dn, form) : g_ptr_array_new();

        if (warnings->len != cases[i].n_warnings)
            fail_msg("<%s>: %u warnings", cases[i].text, warnings->len);
    }
}

/* Components that each form can say: text, blanks, and what is special in the other forms. */
static char *random_value(GRand *rand)
{
    static const char letters[] = "abcXYZ019 ,+=\"<>;#.-&()";
    GString *value = g_string_new(NULL);

    for (int n = g_rand_int_range(rand, 1, 12); n > 0; n--)
        g_string_append_c(value, letters[g_rand_int_range(rand, 0, (gint32)strlen(letters))]);
    return g_string_free(value, FALSE);
}

static struct dn *random_dn(GRand *rand, bool is_domain)
{
    static const char *const types[] = {"cn", "ou", "o"};
    struct dn *dn = g_new0(struct dn, 1);
    unsigned n_domain = is_domain ? 2 : 0;

    dn->n_rdns = (unsigned)g_rand_int_range(rand, 1, 8) + n_domain;
    dn->rdns = g_new0(struct dn_rdn, dn->n_rdns);
    for (unsigned i = 0; i < dn->n_rdns; i++) {
        bool is_dc = i + n_domain >= dn->n_rdns;
        char *value = is_dc ? g_strdup("example") : random_value(rand);
        dn->rdns[i] = (struct dn_rdn){g_new0(struct dn_ava, 1), 1};
        *dn->rdns[i].avas = (struct dn_ava){g_strdup(is_dc ? "dc" : types[g_rand_int_range(rand, 0, 3)]),
                                            value, strlen(value), false};
    }
    return dn;
}

static bool is_same_octets(const struct dn *a, const struct dn *b, bool compares_types)
{
    if (a->n_rdns != b->n_rdns)
        return false;
    for (unsigned i = 0; i < a->n_rdns; i++) {
        const struct dn_ava *one = a->rdns[i].avas, *other = b->rdns[i].avas;
        if (one->length != other->length || memcmp(one->value, other->value, one->length) != 0 ||
            (compares_types && strcmp(one->type, other->type) != 0))
            return false;
    }
    return true;
}

static void every_form_comes_back_as_it_was_written(void **state)
{
    GRand *rand = g_rand_new_with_seed(20260907);

    (void)state;
    for (unsigned i = 0; i < 30000; i++) {
        enum dn_form form = i % 3, found = DN_FORMS;
        g_autoptr(dn_t) dn = random_dn(rand, form == DN_FORM_CANONICAL);
        g_autofree char *written = dn_write(dn, form, NULL);
        g_autoptr(dn_t) again = dn_read(written, &found, NULL);

        if (!again || found != form || !is_same_octets(dn, again, form != DN_FORM_CANONICAL))
            fail_msg("%s: <%s> came back as %s", dn_form_name(form), written, dn_form_name(found));
    }
    g_rand_free(rand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_known_by_its_look_or_its_prefix),
        cmocka_unit_test(a_server_is_asked_for_an_ldap_dn),
        cmocka_unit_test(what_a_form_cannot_say_is_said),
        cmocka_unit_test(a_canonical_name_does_not_tell_types),
        cmocka_unit_test(a_value_is_put_back_as_the_other_one_was_written),
        cmocka_unit_test(what_exchange_does_not_allow_is_warned_of),
        cmocka_unit_test(every_form_comes_back_as_it_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
