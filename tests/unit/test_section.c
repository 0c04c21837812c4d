/* ctl/section: whatever an entry is called, the section to paste is one that the daemon takes, and it means
 * that entry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "config/line.h"
#include "config/name.h"
#include "ctl/section.h"
#include "dn/dn.h"
#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/read.h"

#define SEED 20260907

static GHashTable *names_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void a_name_is_made_of_the_directory_name(void **state)
{
    static const struct {
        const char *directory_name, *expected, *why;
    } cases[] = {
        {"custom", "custom", "it is one already"},
        {"Custom Recipients", "Custom-Recipients", "a blank becomes a hyphen"},
        {"a  ;#  b", "a-b", "a run of others becomes one"},
        {" .-_x", "x", "it begins with a letter or digit"},
        {"x y ", "x-y", "and does not end with a hyphen that stands for something"},
        {"", "watch", "nothing"},
        {"\\x1b[31m", "x1b-31m", "as it is shown"},
        {"M\xC3\xBCnchen", "M-nchen", "ASCII alone"},
        {"\xE4\xB8\xAD\xE6\x96\x87", "watch", "no ASCII at all"},
        {"0123456789012345678901234567890123456789", "01234567890123456789012345678901", "room for -N"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GHashTable) taken = names_new();
        const char *name = section_name(cases[i].directory_name, taken);

        if (strcmp(name, cases[i].expected) != 0 || !name_is_valid(name))
            fail_msg("%s, not %s: %s", name, cases[i].expected, cases[i].why);
    }
}

static void no_two_names_are_the_same(void **state)
{
    g_autoptr(GHashTable) taken = names_new();

    (void)state;
    g_hash_table_add(taken, g_strdup("custom"));
    assert_string_equal(section_name("custom", taken), "custom-2");
    assert_string_equal(section_name("custom", taken), "custom-3");
    assert_string_equal(section_name("custom-2", taken), "custom-2-2");
    for (unsigned i = 0; i < 2000; i++)
        assert_true(name_is_valid(section_name("0123456789012345678901234567890123456789", taken)));
}

/* The value of a key as the daemon reads it; NULL: not there. g_free() it. */
static char *value_of(const char *section, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(section, "\n", -1);

    for (char **text = lines; *text; text++) {
        struct line line = {0};
        char *value = NULL;

        assert_true(line_parse(*text, strlen(*text), &line, NULL));
        assert_false(line.is_indented);
        if (line.kind == LINE_PAIR && strcmp(line.word, key) == 0)
            value = g_strdup(line.value);
        line_clear(&line);
        if (value)
            return value;
    }
    return NULL;
}

static void check_dn(const char *text)
{
    g_autofree char *section = section_print("x", "mms", text, NULL, NULL);
    g_autofree char *value = section ? value_of(section, "dn") : NULL;
    g_autoptr(dn_t) meant = dn_parse(text, NULL, NULL), read = value ? dn_read(value, NULL, NULL) : NULL;

    assert_non_null(meant);
    if (!read || !dn_equal(meant, read))
        fail_msg("%s came out as %s", text, value);
}

static void the_section_means_the_entry(void **state)
{
    static const char *const dns[] = {
        "cn=custom,o=mms",      "cn=a \\; b,o=mms",  "cn=a\\;b,o=mms",
        "cn=\\;,o=mms",         "cn=\\#x,o=mms",     "cn=a\\\"b\\\"c,o=mms",
        "cn=a\\\\ \\; b,o=mms", "cn=\\ a\\ ,o=mms",  "cn=x,o=mms\\ ",
        "cn=x,o=a \\; \\ ",     "o=a/ou=b",          "cn=a/b,o=mms",
        "cn=x\\0Ay,o=mms",      "cn=\\1B[31m,o=mms", "cn=a+sn=b,o=mms",
        "cn=#0403466F6F,o=mms", "cn=a=b,o=mms",      "cn=[watch y],o=mms",
        "dc=example,dc=com",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(dns); i++) {
        g_autoptr(dn_t) dn = dn_parse(dns[i], NULL, NULL);
        g_autofree char *printed = dn ? dn_print(dn) : NULL;

        if (!printed)
            fail_msg("%s is no DN", dns[i]);
        check_dn(printed);
    }
}

/* Values made of what could hurt, in up to three RDNs. */
static void random_values_mean_the_entry(void **state)
{
    static const char bytes[] = " ;#\\\"'=,+<>/[]\n\r\t\x1b\x7f:%$\xC3\xBC";
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        struct dn_ava avas[3];
        struct dn_rdn rdns[3];
        unsigned n = (unsigned)g_rand_int_range(random, 1, 4);

        for (unsigned i = 0; i < n; i++) {
            size_t length = (size_t)g_rand_int_range(random, 1, 9);
            char *value = g_malloc0(length + 1);
            for (size_t j = 0; j < length; j++)
                value[j] = bytes[g_rand_int_range(random, 0, sizeof bytes - 1)];
            avas[i] = (struct dn_ava){.type = (char *)"o", .value = value, .length = length};
            rdns[i] = (struct dn_rdn){&avas[i], 1};
        }
        g_autofree char *printed = dn_print(&(struct dn){rdns, n});
        for (unsigned i = 0; i < n; i++)
            g_free(avas[i].value);
        check_dn(printed);
    }
}

static void identity_and_filter_are_lines_of_their_own(void **state)
{
    g_autofree char *section = section_print("x", "mms", "o=mms", "entryUUID:1", "(cn=a ; b)");
    g_autofree char *filter = value_of(section, "entry_filter");

    (void)state;
    assert_string_equal(section, "[watch x]\ndirectory = mms\ndn = o=mms\n# identity = entryUUID:1\n"
                                 "entry_filter = (cn=a \\; b)\n");
    assert_string_equal(filter, "(cn=a ; b)");
}

static void a_dn_that_no_line_can_hold_makes_no_section(void **state)
{
    g_autofree char *value = g_strnfill(LINE_MAX_VALUE_BYTES, 'x');
    g_autofree char *dn = g_strconcat("cn=", value, NULL);

    (void)state;
    assert_null(section_print("x", "mms", dn, NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_made_of_the_directory_name),
        cmocka_unit_test(no_two_names_are_the_same),
        cmocka_unit_test(the_section_means_the_entry),
        cmocka_unit_test(random_values_mean_the_entry),
        cmocka_unit_test(identity_and_filter_are_lines_of_their_own),
        cmocka_unit_test(a_dn_that_no_line_can_hold_makes_no_section),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
