/* dn_parse() and dn_print(): what is taken, how it comes out, and which sentence refuses the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "dn/dn.h"
#include "dn/parse.h"
#include "dn/print.h"

static const struct {
    const char *text, *printed, *why;
} taken[] = {
    {"", "", "the root DSE"},
    /* RFC 4514 section 4 */
    {"UID=jsmith,DC=example,DC=net", "UID=jsmith,DC=example,DC=net", "three RDNs"},
    {"OU=Sales+CN=J.  Smith,DC=example,DC=net", "OU=Sales+CN=J.  Smith,DC=example,DC=net",
     "multi-valued RDN"},
    {"CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net",
     "CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net", "quotes and a comma escaped"},
    {"CN=Before\\0dAfter,DC=example,DC=net", "CN=Before\\0DAfter,DC=example,DC=net", "a carriage return"},
    {"1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=Hi", "an OctetString in hex, its OID unknown"},
    {"CN=Lu\\C4\\8Di\\C4\\87", "CN=Lu\xC4\x8Di\xC4\x87", "UTF-8 octet by octet"},
    /* RFC 4514 escapes */
    {"cn=\\ \\20a\\20\\ ", "cn=\\  a \\ ", "escaped spaces at both ends stay; inner ones need no escape"},
    {"cn=\\#a#", "cn=\\#a#", "a leading number sign"},
    {"cn=a\\?b", "cn=a?b", "as Samba writes it"},
    {"cn=\\\\\\;\\<\\>\\=\\+", "cn=\\\\\\;\\<\\>=\\+", "every special"},
    {"cn=a=b=", "cn=a=b=", "= is legal inside a value"},
    {"cn=\\00", "cn=\\00", "a NUL octet"},
    {"cn=a\\\\x41", "cn=a\\5Cx41", "never what reads as \\xHH"},
    {"cn=a\\\\y\\5C", "cn=a\\\\y\\\\", "other backslashes"},
    {"cn=a\nb", "cn=a\\0Ab", "a raw line feed is legal in a value, and is printed escaped"},
    {"cn=", "cn=", "an empty value is legal syntax"},
    {"cn= ", "cn=", "unescaped spaces do not count"},
    {"o=a/ou=b", "o=a/ou=b", "a slash is an ordinary character"},
    {"o=example.com/Sales", "o=example.com/Sales", "a slash is an ordinary character"},
    {"ou=Stra\xC3\x9F"
     "e",
     "ou=Stra\xC3\x9F"
     "e",
     "raw UTF-8"},
    {"ou=\xC3(", "ou=\\C3(", "bad UTF-8 is taken as octets"},
    {"ou=\xE2\x80\xAEx", "ou=\\E2\\80\\AEx", "a bidi override is printed escaped"},
    {"ou=\xC2\x85", "ou=\\C2\\85", "C1"},
    /* #hex */
    {"cn=#0C03466F6F", "cn=Foo", "UTF8String"},
    {"cn=#1303466f6f", "cn=Foo", "PrintableString, small hex digits"},
    {"cn=#1603466F6F ,dc=x", "cn=Foo,dc=x", "IA5String, space behind"},
    {"cn=#1403466F6F", "cn=Foo", "TeletexString"},
    {"cn=#048103466F6F", "cn=Foo", "long form of the length"},
    {"cn=#0400", "cn=", "an empty string"},
    {"cn=#0404466F6F", "cn=#0404466F6F", "a length that is wrong stays BER"},
    {"cn=#0480466F6F0000", "cn=#0480466F6F0000", "indefinite length stays BER"},
    {"cn=#04024869FF", "cn=#04024869FF", "octets behind the string"},
    {"cn=#0480", "cn=#0480", "indefinite length and nothing behind"},
    {"cn=#0489010000000000000003466F6F", "cn=#0489010000000000000003466F6F", "a length that would overflow"},
    {"cn=#04FFFFFFFFFFFFFFFFFF", "cn=#04FFFFFFFFFFFFFFFFFF", "an absurd length stays BER"},
    {"cn=#1E020041", "cn=#1E020041", "a BMPString is no octets of UTF-8"},
    {"cn=#020101", "cn=#020101", "an INTEGER"},
    {"cn=#04", "cn=#04", "too short for BER"},
    /* leftovers of LDAPv2 */
    {"cn=a;dc=b", "cn=a,dc=b", "semicolon between RDNs"},
    {" cn = a , dc = b ", "cn=a,dc=b", "spaces round everything"},
    {"cn=a + sn = b,dc=c", "cn=a+sn=b,dc=c", "spaces round +"},
    {"cn=a,\n\tdc=b", "cn=a,dc=b", "a folded line"},
    {"OID.2.5.4.3=a", "2.5.4.3=a", "OID. prefix"},
    {"oid.2.5.4.3=a", "2.5.4.3=a", "oid. prefix"},
    {"oid=a", "oid=a", "a type that is called oid"},
    {"o=\"Sue, Grabbit and Runn\",c=GB", "o=Sue\\, Grabbit and Runn,c=GB", "quoted"},
    {"o=\" a \" , c=b", "o=\\ a\\ ,c=b", "spaces inside quotes count"},
    {"o=\"a\\\"b\\5Cc\"", "o=a\\\"b\\\\c", "escapes inside quotes"},
    {"o=\"\"", "o=", "empty quotes"},
    {"o=\"a;b+c<d>#\"", "o=a\\;b\\+c\\<d\\>#", "specials bare inside quotes"},
    {"2=a,c_n=b", "2=a,c_n=b", "types that some servers keep"},
};

static void what_is_taken_comes_out_as_rfc_4514(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(taken); i++) {
        g_autoptr(GError) error = NULL;
        enum dn_form form = (enum dn_form) - 1;
        g_autoptr(dn_t) dn = dn_parse(taken[i].text, &form, &error);
        g_autofree char *printed = dn ? dn_print(dn) : NULL;

        if (!dn || strcmp(printed, taken[i].printed) != 0)
            fail_msg("%s: <%s> gave <%s>, not <%s> (%s)", taken[i].why, taken[i].text, printed,
                     taken[i].printed, error ? error->message : "no error");
        assert_int_equal(form, DN_FORM_LDAP);
    }
}

static const struct {
    const char *text;
    enum dn_error code;
    const char *sentence;
} refused[] = {
    {" ", DN_ERROR_SYNTAX, "at the end: expected an attribute type such as cn or 2.5.4.3"},
    {"Custom", DN_ERROR_SYNTAX, "at the end: expected = behind the attribute type"},
    {"Custom Recipients", DN_ERROR_SYNTAX,
     "at position 8 (`Recipients`): expected = behind the attribute type"},
    {"cn=a,", DN_ERROR_SYNTAX, "at the end: expected an attribute type such as cn or 2.5.4.3"},
    {"cn=a;", DN_ERROR_SYNTAX, "at the end: expected an attribute type such as cn or 2.5.4.3"},
    {"cn=a+", DN_ERROR_SYNTAX, "at the end: expected an attribute type such as cn or 2.5.4.3"},
    {"cn=a,,dc=b", DN_ERROR_SYNTAX,
     "at position 6 (`,dc=b`): expected an attribute type such as cn or 2.5.4.3"},
    {",cn=a", DN_ERROR_SYNTAX, "at position 1 (`,cn=a`): expected an attribute type such as cn or 2.5.4.3"},
    {"=a", DN_ERROR_SYNTAX, "at position 1 (`=a`): expected an attribute type such as cn or 2.5.4.3"},
    {"-cn=a", DN_ERROR_SYNTAX, "at position 1 (`-cn=a`): expected an attribute type such as cn or 2.5.4.3"},
    {"2.5.=a", DN_ERROR_SYNTAX, "at position 4 (`.=a`): expected = behind the attribute type"},
    {"2..5=a", DN_ERROR_SYNTAX, "at position 2 (`..5=a`): expected = behind the attribute type"},
    {"OID.cn=a", DN_ERROR_SYNTAX, "at position 4 (`.cn=a`): expected = behind the attribute type"},
    {"cn;lang-de=a", DN_ERROR_SYNTAX,
     "at position 3 (`;lang-de=a`): expected = behind the attribute type; options have no place in a DN"},
    {"ou=caf\xC3\xA9,cn=a\\zz", DN_ERROR_SYNTAX,
     "at position 13 (`\\zz`): expected behind the backslash two hex digits or one of space \" # + , ; < = > "
     "\\"},
    {"cn=a\\", DN_ERROR_SYNTAX,
     "at position 5 (`\\`): expected behind the backslash two hex digits or one of space \" # + , ; < = > "
     "\\"},
    {"cn=a\\4", DN_ERROR_SYNTAX,
     "at position 5 (`\\4`): expected behind the backslash two hex digits or one of space \" # + , ; < = > "
     "\\"},
    {"cn=a<b", DN_ERROR_SYNTAX,
     "at position 5 (`<b`): expected a backslash before this character inside a value"},
    {"cn=a\"b", DN_ERROR_SYNTAX,
     "at position 5 (`\"b`): expected a backslash before this character inside a value"},
    {"cn=\"a", DN_ERROR_SYNTAX, "at position 4 (`\"a`): expected a closing quotation mark behind this one"},
    {"cn=\"a\\", DN_ERROR_SYNTAX,
     "at position 6 (`\\`): expected behind the backslash two hex digits or one of space \" # + , ; < = > "
     "\\"},
    {"cn=\"a\"b,c=d", DN_ERROR_SYNTAX, "at position 7 (`b,c=d`): expected a comma or the end"},
    {"cn=#", DN_ERROR_SYNTAX,
     "at the end: expected pairs of hex digits behind `#` (a value that begins with # is written \\#)"},
    {"cn=#123", DN_ERROR_SYNTAX, "at position 7 (`3`): expected a comma or the end"},
    {"cn=#zz", DN_ERROR_SYNTAX,
     "at position 5 (`zz`): expected pairs of hex digits behind `#` (a value that begins with # is written "
     "\\#)"},
    {"cn\x1b[2J=a", DN_ERROR_SYNTAX, "at position 3 (`\\x1b[2J=a`): expected = behind the attribute type"},
    {"<GUID=b0a1>", DN_ERROR_SYNTAX,
     "at position 1 (`<GUID=b0a1>`): expected an attribute type such as cn or 2.5.4.3"},
    {"/o=mms", DN_ERROR_SYNTAX, "at position 1 (`/o=mms`): expected an attribute type such as cn or 2.5.4.3"},
};

static void a_malformed_dn_is_refused_with_its_place_and_what_was_expected(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(dn_t) dn = dn_parse(refused[i].text, NULL, &error);

        if (dn || !g_error_matches(error, DN_ERROR, (int)refused[i].code) ||
            strcmp(error->message, refused[i].sentence) != 0)
            fail_msg("<%s> gave <%s>, not <%s>", refused[i].text, dn ? "a DN" : error->message,
                     refused[i].sentence);
    }
}

/* `cn=a` as often as asked, with `separator` between. */
static char *repeat(unsigned times, char separator)
{
    GString *text = g_string_new("cn=a");

    while (--times > 0)
        g_string_append_printf(text, "%ccn=a", separator);
    return g_string_free(text, FALSE);
}

static void assert_limit(char *text, bool is_taken)
{
    g_autofree char *owned = text;
    g_autoptr(GError) error = NULL;
    g_autoptr(dn_t) dn = dn_parse(owned, NULL, &error);

    if (is_taken)
        assert_non_null(dn);
    else
        assert_true(!dn && g_error_matches(error, DN_ERROR, DN_ERROR_LIMIT));
}

static void the_limits_hold_to_the_last_one(void **state)
{
    (void)state;
    assert_limit(repeat(DN_MAX_RDNS, ','), true);
    assert_limit(repeat(DN_MAX_RDNS + 1, ','), false);
    assert_limit(repeat(DN_MAX_AVAS, '+'), true);
    assert_limit(repeat(DN_MAX_AVAS + 1, '+'), false);
    assert_limit(g_strdup_printf("cn=%0*d", DN_MAX_BYTES - 3, 0), true);
    assert_limit(g_strdup_printf("cn=%0*d", DN_MAX_BYTES - 2, 0), false);
}

static void the_parent_is_the_dn_without_its_leaf(void **state)
{
    g_autoptr(dn_t) dn = dn_parse("cn=a+sn=#020101,ou=b\\00,o=c", NULL, NULL);
    g_autoptr(dn_t) parent = dn_parent(dn);
    g_autofree char *printed = dn_print(parent);
    g_autoptr(dn_t) leaf = dn_parse("o=c", NULL, NULL);
    g_autoptr(dn_t) root = dn_parent(leaf);

    (void)state;
    assert_string_equal(printed, "ou=b\\00,o=c");
    assert_int_equal(parent->rdns[0].avas[0].length, 2);
    assert_string_equal(parent->rdns[1].avas[0].value, "c");
    assert_int_equal(root->n_rdns, 0);
    assert_null(dn_parent(root));
    dn_free(NULL);
}

static void an_rdn_prints_alone(void **state)
{
    g_autoptr(dn_t) dn = dn_parse("cn=a\\,b+sn=#020101,o=c", NULL, NULL);
    g_autofree char *rdn = dn_print_rdn(&dn->rdns[0]);

    (void)state;
    assert_string_equal(rdn, "cn=a\\,b+sn=#020101");
}

static void what_is_shown_is_clean_and_otherwise_untouched(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"cn = A;o=b", "cn = A;o=b"},
        {"cn=a\nDEL:1,o=b", "cn=a\\0ADEL:1,o=b"},
        {"no dn", "no dn"},
        {"cn=a\\\\b", "cn=a\\\\b"},
        {"cn=a\\\\x0a", "cn=a\\5Cx0a"},
        {"no dn\x1b\\", "no dn\\x1b\\\\"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = dn_show(cases[i].text);

        assert_string_equal(shown, cases[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_comes_out_as_rfc_4514),
        cmocka_unit_test(a_malformed_dn_is_refused_with_its_place_and_what_was_expected),
        cmocka_unit_test(the_limits_hold_to_the_last_one),
        cmocka_unit_test(the_parent_is_the_dn_without_its_leaf),
        cmocka_unit_test(an_rdn_prints_alone),
        cmocka_unit_test(what_is_shown_is_clean_and_otherwise_untouched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
