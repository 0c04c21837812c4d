/* dn_equal(), dn_key() and the preparation of values behind them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "dn/attribute_type.h"
#include "dn/dn.h"
#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/prepare.h"

static const struct {
    const char *a, *b;
    bool is_equal;
    const char *why;
} pairs[] = {
    {"", "", true, "the root DSE"},
    {"", "o=a", false, "the root DSE is nobody else"},
    {"cn=a,o=b", "CN=A,O=B", true, "case"},
    {"cn=a,o=b", "cn=a;o=b", true, "separator"},
    {"cn=a b,o=b", "cn =  a   b  , o=b", true, "insignificant spaces"},
    {"cn=a b", "cn=ab", false, "a space between words counts"},
    {"cn=\\20a\\20", "cn=a", true, "escaped spaces at the ends are insignificant to caseIgnoreMatch"},
    {"cn=a\\0A\\09b", "cn=a b", true, "line feed and tab are mapped to space"},
    {"cn=a\\C2\\A0 b", "cn=a b", true, "no-break space"},
    {"cn=a\\C2\\ADb", "cn=ab", true, "a soft hyphen is dropped"},
    {"cn=a\\E2\\80\\8Bb\\00", "cn=ab", true, "zero-width space and NUL are dropped"},
    {"cn=\\41\\2c", "cn=a\\,", true, "escapes"},
    {"cn=\"a, b\"", "cn=a\\, b", true, "quotes"},
    {"cn=#0403466F6F", "cn=foo", true, "#hex of a string"},
    {"cn=#020101", "cn=#020101", true, "#hex of something else, octet by octet"},
    {"cn=#020101", "cn=#020102", false, "#hex of something else"},
    {"cn=#020101", "cn=\\23020101", false, "hex is not its own text"},
    {"cn=#6162", "cn=\\#ab", false, "hex that reads like text"},
    {"cn=a\\\\2cb", "cn=a\\,b", false, "an escaped escape"},
    {"cn=a,o=b", "commonName=a,2.5.4.10=b", true, "alias and OID"},
    {"cn=a", "OID.2.5.4.3=a", true, "OID. prefix"},
    {"dc=a", "0.9.2342.19200300.100.1.25=a", true, "OID of dc"},
    {"E=a", "emailAddress=a", true, "E"},
    {"cn=a", "sn=a", false, "another type"},
    {"1.2.3=a", "1.2.3=A", true, "unknown OID"},
    {"x-Foo=a", "X-fOO=a", true, "unknown type"},
    {"1.2.3=a", "1.2.34=a", false, "unknown OIDs"},
    {"cn=a+sn=b,o=c", "SN=B+CN=A,o=c", true, "values in any order"},
    {"cn=a+sn=b", "cn=b+sn=a", false, "values under their own type"},
    {"cn=a+sn=b", "cn=a", false, "number of values"},
    {"cn=a+cn=a+cn=b", "cn=a+cn=b+cn=b", false, "how often a value stands"},
    {"cn=a\\+sn=b", "cn=a+sn=b", false, "an escaped + is no second value"},
    {"cn=a\\,o=b", "cn=a,o=b", false, "an escaped comma is no second RDN"},
    {"cn=a,o=b,o=c", "cn=a,o=c,o=b", false, "order of RDNs"},
    {"cn=a,o=b", "o=b", false, "depth"},
    {"ou=M\xC3\x9CLLER", "ou=m\xC3\xBCller", true, "case beyond ASCII"},
    {"ou=Mu\xCC\x88ller", "ou=M\xC3\xBCller", true, "composed and decomposed"},
    {"ou=Stra\xC3\x9F"
     "e",
     "ou=STRASSE", true, "sharp s folds to ss (RFC 3454 B.2)"},
    {"ou=\xCE\xA3\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x82",
     "ou=\xCF\x83\xCE\x8A\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x83", true, "final sigma"},
    {"ou=\xEF\xBC\xA1\xE3\x8E\x8F", "ou=akg", true, "full-width A and the sign for kg (NFKC)"},
    {"ou=\xF0\x9D\x90\x80", "ou=a", true, "a mathematical bold A folds after NFKC"},
    {"ou=i", "ou=\xC4\xB1", false, "dotless i is another letter"},
    {"ou=u", "ou=\xC3\xBC", false, "an umlaut is another letter"},
    {"ou=\xD0\xB0", "ou=a", false, "Cyrillic a looks alike and is another letter"},
    {"ou=a \xCC\x88", "ou=a  \xCC\x88", false, "a space that carries a mark counts"},
    {"ou=\xFF"
     "A",
     "ou=\\ff\\61", true, "octets that are no UTF-8: ASCII folded"},
    {"ou=\xFF", "ou=\xFE", false, "octets that are no UTF-8"},
    {"ou=\xC3\\00\xA4", "ou=\xC3\xA4", false, "a NUL does not make UTF-8 of two halves"},
};

static void equality_is_that_of_the_rfcs(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(dn_t) a = dn_parse(pairs[i].a, NULL, NULL);
        g_autoptr(dn_t) b = dn_parse(pairs[i].b, NULL, NULL);
        g_autofree char *key_a = dn_key(a);
        g_autofree char *key_b = dn_key(b);

        if (dn_equal(a, b) != pairs[i].is_equal || dn_equal(b, a) != pairs[i].is_equal)
            fail_msg("%s: <%s> and <%s>", pairs[i].why, pairs[i].a, pairs[i].b);
        if ((strcmp(key_a, key_b) == 0) != pairs[i].is_equal)
            fail_msg("%s: keys <%s> and <%s>", pairs[i].why, key_a, key_b);
    }
}

static void below_counts_the_ancestor_itself_and_whole_rdns(void **state)
{
    static const struct {
        const char *dn, *ancestor;
        bool is_below;
    } cases[] = {
        {"cn=a,OU=b,o=c", "ou=B,o=c", true},
        {"ou=b,o=c", "ou=b,o=c", true},
        {"o=c", "ou=b,o=c", false},
        {"cn=a,o=c", "", true},
        {"o=xc", "o=c", false},
        {"ou=b,o=c", "ou=b,o=d", false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(dn_t) dn = dn_parse(cases[i].dn, NULL, NULL);
        g_autoptr(dn_t) ancestor = dn_parse(cases[i].ancestor, NULL, NULL);

        if (dn_is_below(dn, ancestor) != cases[i].is_below)
            fail_msg("<%s> below <%s>", cases[i].dn, cases[i].ancestor);
    }
}

static void preparing_twice_changes_nothing_for_any_code_point(void **state)
{
    (void)state;
    for (gunichar c = 0; c <= 0x10FFFF; c++) {
        char value[8] = "a";
        g_autofree char *once = NULL;
        g_autofree char *twice = NULL;
        size_t length = 0, length_once = 0, length_twice = 0;

        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        length = 1 + (size_t)g_unichar_to_utf8(c, value + 1);
        once = dn_prepare(value, length, &length_once);
        twice = dn_prepare(once, length_once, &length_twice);
        if (length_once != length_twice || memcmp(once, twice, length_once) != 0)
            fail_msg("U+%04X: <%s> then <%s>", c, once, twice);
    }
}

static void a_blank_value_is_prepared_to_nothing(void **state)
{
    size_t length = 1;
    g_autofree char *prepared = dn_prepare("  \t ", 4, &length);

    (void)state;
    assert_int_equal(length, 0);
    assert_string_equal(prepared, "");
}

static void types_are_known_by_name_alias_and_oid(void **state)
{
    (void)state;
    assert_string_equal(attribute_type_short("ORGANIZATIONALUNITNAME"), "ou");
    assert_string_equal(attribute_type_short("2.5.4.11"), "ou");
    assert_null(attribute_type_short("2.5.4"));
    assert_null(attribute_type_short(""));
    assert_true(attribute_type_equal("userid", "0.9.2342.19200300.100.1.1"));
    assert_true(attribute_type_equal("nsUniqueId", "nsuniqueid"));
    assert_false(attribute_type_equal("c", "cn"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality_is_that_of_the_rfcs),
        cmocka_unit_test(below_counts_the_ancestor_itself_and_whole_rdns),
        cmocka_unit_test(preparing_twice_changes_nothing_for_any_code_point),
        cmocka_unit_test(a_blank_value_is_prepared_to_nothing),
        cmocka_unit_test(types_are_known_by_name_alias_and_oid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
