/* Files made to cost time or memory: refused with a sentence, or read, in bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "source/source.h"

static const char bomb[] =
    "<!DOCTYPE a [<!ENTITY b \"xxxxxxxxxx\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">"
    "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">"
    "<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;\"><!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;\">]>"
    "<a>&g;</a>";

static const struct {
    const char *spec; /* FILE stands for the file */
    const char *begin, *middle;
    unsigned n; /* times the middle */
    const char *end;
    const char *says; /* how the refusal ends; NULL: it is not refused */
    const char *why;
} cases[] = {
    {"xml:FILE //a", bomb, "", 0, "", "declares a DOCTYPE, which is not read", "entities of entities"},
    {"xml:FILE //a", "<!DOCTYPE a SYSTEM \"file:///dev/zero\"><a/>", "", 0, "",
     "declares a DOCTYPE, which is not read", "a DTD elsewhere"},
    {"xml:FILE //a", "", "<a>", 1000000, "", "is no well-formed XML (line 1)", "a million levels"},
    {"xml:FILE //a", "<r>", "<b/>", 3000000, "</r>", "holds more than 1000000 elements",
     "millions of elements"},
    {"xml:FILE //a", "<r>", "<b c='' d=''/>", 1000000, "</r>", "holds more than 1000000 elements",
     "millions of attributes"},
    {"xml:FILE //b", "<r><b>o=x</b>", "<!---->", 3000000, "</r>", NULL, "millions of comments"},
    {"xml:FILE \"//b[count(//b)=1]\"", "<r>", "<b/>", 100000, "</r>",
     "cannot be searched by //b[count(//b)=1]: it takes too long", "each one looks for all"},
    {"json:FILE /a", "", "[", 3000000, "", "holds more than 2000000 values", "millions of levels"},
    {"json:FILE /a", "", "{\"a\":", 100000, "", "is no well-formed JSON (line 1)", "many levels"},
    {"json:FILE /*", "[", "[],", 3000000, "0]", "holds more than 2000000 values", "millions of values"},
    {"json:FILE /*", "[", "\"o=x\",", 100000, "0]", "holds more than 10000 DNs", "too many of one"},
    {"keyvalue:FILE x", "", "x = o=x\n", 3000000, "", "holds more than 10000 DNs", "the same in other files"},
    {"nslcd:FILE", "", "base o=x\n", 3000000, "", "holds more than 10000 DNs", "the same in other files"},
    {"postfix:FILE", "search_base = o=x", "\n # c", 3000000, "\n", NULL, "millions of lines in one"},
    {"dovecot:FILE", "base = o=x", "\\\n", 1000000, "", "has no `base`", "lines that go on to the end"},
    {"freeradius:FILE", "", "ldap {\n", 1000000, "", "holds too many sections", "millions of sections"},
    {"freeradius:FILE", "ldap {\nuser {\nbase_dn = \"", "${.", 3000000, "\"\n",
     "has no `base_dn` in a section user, group or client of ldap", "references that never end"},
    {"freeradius:FILE", "ldap {\nuser {\nbase_dn = \"o=x", "${.base_dn}", 500, "\"\n",
     "is put together at each look-up and no fixed DN", "references to themselves"},
};

static void write_case(unsigned i, const char *file)
{
    g_autoptr(GString) content = g_string_new(cases[i].begin);

    for (unsigned n = 0; n < cases[i].n; n++)
        g_string_append(content, cases[i].middle);
    g_string_append(content, cases[i].end);
    assert_true(g_file_set_contents(file, content->str, (gssize)content->len, NULL));
}

static void what_is_too_much_is_refused(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("dndrift-source-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "hostile", NULL);

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) spec = g_string_new(cases[i].spec);
        g_autoptr(GError) error = NULL;
        g_autoptr(source_t) source = NULL;
        g_autoptr(GPtrArray) values = NULL;

        g_string_replace(spec, "FILE", file, 0);
        write_case(i, file);
        source = source_new(spec->str, &error);
        values = source ? source_read(source, &error) : NULL;
        if ((values == NULL) != (cases[i].says != NULL))
            fail_msg("%s: %s", cases[i].why, error ? error->message : "is read");
        if (values)
            assert_string_equal(values->pdata[0], "o=x");
        else if (!g_str_has_suffix(error->message, cases[i].says) || strlen(error->message) > 4096)
            fail_msg("%s: %s", cases[i].why, error->message);
    }
    g_unlink(file);
    g_rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_too_much_is_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
