/* Where consumers keep their DN: every kind of file, in the shapes that are found, and what is refused with
 * which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "source/source.h"

#define SECRET "s3cr3t-canary"

struct case_ {
    const char *spec; /* FILE stands for the file */
    const char *content;
    const char *values; /* with | between them; NULL: refused */
    const char *says;   /* of the refusal: the whole sentence behind the file's name */
    const char *why;
};

static const char sssd[] =
    "[sssd]\nservices = nss\n\n[domain/example.com]\n# ldap_search_base = ou=old,dc=x\n"
    "ldap_default_authtok = " SECRET "\nldap_search_base = ou=people,dc=example,dc=com?subtree?"
    "(uid=*)?ou=more,dc=example,dc=com??\n[domain/other]\nldap_search_base = ou=other,dc=x\n";
static const char galsync[] =
    "<?xml version=\"1.0\"?>\r\n<saved-ma-configuration><ma-data><name>GAL</name><private-configuration>"
    "<adma-configuration><forest-login-password>" SECRET "</forest-login-password><ui-data><galma>"
    "<target-ou>OU=Partners,DC=example,DC=com</target-ou><source-contact-ous><ou>OU=x,DC=y</ou></"
    "source-contact-ous>"
    "</galma></ui-data></adma-configuration></private-configuration></ma-data></saved-ma-configuration>";
static const char lsc[] = "<?xml version=\"1.0\" ?>\n<lsc "
                          "xmlns=\"http://lsc-project.org/XSD/lsc-core-2.1.xsd\" revision=\"0\"><connections>"
                          "<ldapConnection><password>" SECRET
                          "</password></ldapConnection></connections><tasks><task><name>users</name>"
                          "<ldapSourceService><baseDn>ou=src,dc=x</baseDn></"
                          "ldapSourceService><ldapDestinationService><baseDn>ou=dst,dc=x"
                          "</baseDn></ldapDestinationService></task><task><name>groups</"
                          "name><ldapDestinationService><baseDn>ou=g,dc=x</baseDn>"
                          "</ldapDestinationService></task></tasks></lsc>";
static const char keycloak[] =
    "[{\"realm\":\"master\"},{\"realm\":\"example\",\"components\":{\"org.keycloak.storage."
    "UserStorageProvider\":["
    "{\"name\":\"ldap\",\"config\":{\"bindCredential\":[\"" SECRET "\"],\"usersDn\":[\"ou=people,dc=x\"]}},"
    "{\"name\":\"ad\",\"config\":{\"usersDn\":[\"ou=staff,dc=y\"]}}]}}]";

static const struct case_ cases[] = {
    {"postfix:FILE",
     "server_host = x\nbind_pw = " SECRET "\nsearch_base = ou=mail,\n  # a comment\n  dc=x\nscope = sub\n",
     "ou=mail,  dc=x", NULL, "a logical line of several"},
    {"postfix:FILE", "search_base = ou=a,dc=x\nsearch_base = ou=b,dc=x\n", "ou=b,dc=x", NULL,
     "the last one counts"},
    {"postfix:FILE", "search_base = ou=%d,dc=x\nbind_pw = " SECRET "\n", NULL,
     "`ou=%d,dc=x` is put together at each look-up and no fixed DN", "a dynamic base"},
    {"postfix:FILE", "#search_base = ou=a\nbind_pw = " SECRET "\n", NULL, "has no `search_base`",
     "commented out"},
    {"sssd:example.com", NULL, NULL, NULL, "the file is not ours to write"},
    {"ini:FILE domain/other ldap_search_base", sssd, "ou=other,dc=x", NULL, "a section by name"},
    {"ini:FILE domain/none ldap_search_base", sssd, NULL,
     "has no section for `ldap_search_base`: [domain/none]", "no such section"},
    {"ini:FILE sssd ldap_search_base", sssd, NULL, "has no `ldap_search_base` in [sssd]",
     "no such key there"},
    {"ini:FILE a b", "[a]\nb = ou=x,\n dc=y\n[c]\nb = z\n", "ou=x, dc=y", NULL, "goes on in the next line"},
    {"dovecot:FILE", "hosts = x\ndnpass = " SECRET "\nbase = ou=mail,dc=x\n", "ou=mail,dc=x", NULL, "2.3"},
    {"dovecot:FILE ldap_base", "passdb ldap {\n  ldap_base = ou=mail,dc=x\n}\n", "ou=mail,dc=x", NULL, "2.4"},
    {"dovecot:FILE", "base = ou=%{user|domain},dc=x\n", NULL,
     "`ou=%{user|domain},dc=x` is put together at each look-up and no fixed DN", "a dynamic base"},
    {"nslcd:FILE",
     "uri ldap://x\nbase dc=x\nbase passwd ou=people,dc=x\nbase\tgroup\tou=groups,dc=x\nbindpw " SECRET "\n",
     "dc=x|ou=people,dc=x|ou=groups,dc=x", NULL, "several maps"},
    {"nslcd:FILE", "base DOMAIN\n", NULL,
     "`DOMAIN` is no DN: at the end: expected = behind the attribute type",
     "a word that nslcd alone understands"},
    {"postfix:FILE", "search_base = 'ou=a'\nbind_pw = " SECRET "\n", NULL,
     "`'ou=a'` is no DN: at position 1 (`'ou=a'`): expected an attribute type such as cn or 2.5.4.3",
     "quotes are no quotes to Postfix"},
    {"postfix:FILE", "Search_Base = ou=a\nsearch_base = cn=50%% off\n", "cn=50% off", NULL,
     "case matters; %% is a percent sign"},
    {"postfix:FILE", "search_base = ou=a\n" SECRET "\n", NULL,
     "has a line that is no NAME = VALUE: Postfix refuses it", "not quoted"},
    {"postfix:FILE", "search_base = /o=mms/cn=a\n", NULL,
     "`/o=mms/cn=a` is an X.500 slash form, which no server takes for a search base",
     "what LDAP does not take"},
    {"postfix:FILE", "search_base = ou=M\xFCller\n", NULL, "`ou=M\\xfcller` is no UTF-8, as a DN must be",
     "Latin-1"},
    {"dovecot:FILE", "base = \"cn=a\\\\,b,dc=x\" # here\nBase = o=y\n", "cn=a\\,b,dc=x", NULL,
     "quotes take a backslash"},
    {"dovecot:FILE", "base = ou=a, \\\n  # here\n  dc=x # there\n", "ou=a,  dc=x", NULL,
     "goes on behind a backslash"},
    {"dovecot:FILE", "base = cn=C#,dc=x\n", "cn=C", NULL, "a comment begins anywhere"},
    {"nslcd:FILE", "base = dc=x\n", NULL,
     "`= dc=x` is no DN: at position 1 (`= dc=x`): expected an attribute type such as cn or 2.5.4.3",
     "no equal sign"},
    {"freeradius:FILE",
     "ldap {\n\tpassword = " SECRET
     "\n\tbase_dn = 'ou=radius,dc=x' # here\n\tuser {\n\t\tbase_dn = \"${..base_dn}\"\n\t}\n"
     "\tgroup {\n\t\tbase_dn = \"ou=g,${..base_dn}\"\n\t}\n}\n",
     "ou=radius,dc=x|ou=g,ou=radius,dc=x", NULL, "by reference, as the distribution writes it"},
    {"freeradius:FILE", "ldap {\n\tbase_dn = 'ou=radius,dc=x'\n}\n", NULL,
     "has no `base_dn` in a section user, group or client of ldap", "what refers to nothing is not searched"},
    {"freeradius:FILE", "ldap {\nuser {\nbase_dn = \"ou=%{Realm},dc=x\"\n", NULL,
     "`ou=%{Realm},dc=x` is put together at each look-up and no fixed DN", "a dynamic base"},
    {"freeradius:FILE", "ldap {\nuser {\nbase_dn = 'ou=%{Realm},dc=x'\nbase_dn = 'o=y'\n", "ou=%{Realm},dc=x",
     NULL, "single quotes are plain text; the first one counts"},
    {"freeradius:FILE", "ldap {\nuser {\nbase_dn = ou=a,dc=x\n", "ou=a", NULL,
     "a bare word ends at the comma"},
    {"freeradius:FILE", "ldap {\nbase_dn = \"${.base_dn}\"\nuser {\nbase_dn = \"${..base_dn}\"\n", NULL,
     "`${.base_dn}` is put together at each look-up and no fixed DN", "a reference to itself"},
    {"keyvalue:FILE search-base", "search-base-x = o=a\nSearch-Base=o=b\n", "o=b", NULL,
     "the whole key, in any case"},
    {"keyvalue:FILE x", "\xEF\xBB\xBFx = o=b\r\n", "o=b", NULL, "from Windows"},
    {"keyvalue:FILE x", "x = \n", NULL, "`` is empty: the consumer searches from the top", "no value"},
    {"keyvalue:FILE x", "x = o=a,,\n", NULL,
     "`o=a,,` is no DN: at position 5 (`,`): expected an attribute type such as cn or 2.5.4.3", "no DN"},
    {"keyvalue:FILE x", "x = /o=mms/cn=a\n", "/o=mms/cn=a", NULL, "in slash form"},
    {"galsync:FILE", galsync, "OU=Partners,DC=example,DC=com", NULL, "today's heir of the article"},
    {"xml:FILE \"//galma/source-contact-ous/ou\"", galsync, "OU=x,DC=y", NULL, "an XPath of one's own"},
    {"xml:FILE //nothing", galsync, NULL, "has nothing at //nothing", "an XPath that finds nothing"},
    {"lsc:FILE users", lsc, "ou=src,dc=x|ou=dst,dc=x", NULL, "in a namespace"},
    {"lsc:FILE groups", lsc, "ou=g,dc=x", NULL, "the other task"},
    {"lsc:FILE \"none' or '1\"", lsc, NULL,
     "has nothing at /lsc/tasks/task[name=$name]/*[self::ldapSourceService or "
     "self::ldapDestinationService]/baseDn "
     "(none' or '1)",
     "a name is no XPath"},
    {"xml:FILE //a", "<a>" SECRET "</b>", NULL, "is no well-formed XML (line 1)", "not quoted"},
    {"xml:FILE //a", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n<a>&e;</a>", NULL,
     "declares a DOCTYPE, which is not read", "no external entities"},
    {"keycloak:FILE example", keycloak, "ou=people,dc=x|ou=staff,dc=y", NULL, "an export of several realms"},
    {"keycloak:FILE none", keycloak, NULL, "has no realm `none`", "no such realm"},
    {"json:FILE /1/components/org.keycloak.storage.UserStorageProvider/0/config/usersDn", keycloak,
     "ou=people,dc=x", NULL, "a pointer, to an array of one"},
    {"json:FILE /a~1b/~0", "{\"a/b\":{\"~\":\"o=x\"}}", "o=x", NULL, "escapes of RFC 6901"},
    {"json:FILE /a", "{\"a\":7}", NULL, "has no text at /a", "a number"},
    {"json:FILE /a", "{\"a\":\"" SECRET, NULL, "is no well-formed JSON (line 1)", "not quoted"},
};

static char *join(const GPtrArray *values)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < values->len; i++)
        g_string_append_printf(text, "%s%s", i ? "|" : "", (char *)values->pdata[i]);
    return g_string_free(text, FALSE);
}

static void check(const struct case_ *one, const char *file)
{
    g_autoptr(GString) spec = g_string_new(one->spec);
    g_autoptr(GError) error = NULL;
    g_autoptr(source_t) source = NULL;
    g_autoptr(GPtrArray) values = NULL;
    g_autofree char *found = NULL, *sentence = NULL;

    g_string_replace(spec, "FILE", file, 0);
    source = source_new(spec->str, &error);
    if (!source)
        fail_msg("%s: %s", one->spec, error->message);
    if (!one->content)
        return;
    assert_true(g_file_set_contents(file, one->content, -1, NULL));
    values = source_read(source, &error);
    found = values ? join(values) : NULL;
    if (g_strcmp0(found, one->values) != 0)
        fail_msg("%s (%s): <%s>, %s", one->spec, one->why, found, error ? error->message : "");
    sentence = one->says ? g_strconcat(file, ": ", one->says, NULL) : NULL;
    if (one->says && strcmp(error->message, sentence) != 0)
        fail_msg("%s (%s): %s", one->spec, one->why, error->message);
    if (error && strstr(error->message, SECRET))
        fail_msg("%s tells a secret: %s", one->spec, error->message);
}

static void each_consumer_keeps_it_in_its_own_way(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("dndrift-source-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "consumer.conf", NULL);

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        check(&cases[i], file);
    g_unlink(file);
    g_rmdir(folder);
}

static const struct {
    const char *content, *values, *says, *why;
} sssd_cases[] = {
    {sssd, "ou=people,dc=example,dc=com|ou=more,dc=example,dc=com", NULL, "of two bases"},
    {"[domain/example.com]\nldap_search_base = ou=a,\n dc=x\n", NULL,
     "`ou=a,` is no DN: at the end: expected an attribute type such as cn or 2.5.4.3", "no line goes on"},
    {"[ DOMAIN/example.com ]\nldap_search_base = o=a\n[nss]\n[domain/example.com]\n  LDAP_SEARCH_BASE=o=b # "
     "c\n",
     "o=b # c", NULL, "the last one, in any case, to the end of the line"},
    {"]\n[domain/example.com]\nldap_search_base = o=a\n", "o=a", NULL, "a bracket that closes nothing"},
    {"[domain/example.com]\nldap_search_base =\n", NULL, "`` is empty: the consumer searches from the top",
     "no base"},
    {"[domain/example.com]\nldap_search_base = o=a?sub\n", NULL, "`o=a?sub` is no list of BASE?SCOPE?FILTER",
     "no filter"},
    {"[domain/example.com]\nldap_search_base = o=a?all?\n", NULL,
     "`o=a?all?` has a scope other than base, onelevel and subtree", "no scope"},
};

static void sssd_conf_is_read_as_sssd_reads_it(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("dndrift-source-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "sssd.conf", NULL);
    g_autoptr(source_t) source = source_new("sssd:example.com", NULL);

    (void)state;
    assert_string_equal(source->file, "/etc/sssd/sssd.conf");
    assert_string_equal(source->section, "domain/example.com");
    g_free(source->file);
    source->file = g_strdup(file);
    for (unsigned i = 0; i < G_N_ELEMENTS(sssd_cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) values = NULL;
        g_autofree char *found = NULL;

        assert_true(g_file_set_contents(file, sssd_cases[i].content, -1, NULL));
        values = source_read(source, &error);
        found = values ? join(values) : NULL;
        if (g_strcmp0(found, sssd_cases[i].values) != 0)
            fail_msg("%s: <%s>, %s", sssd_cases[i].why, found, error ? error->message : "");
        if (error)
            assert_string_equal(error->message + strlen(file) + 2, sssd_cases[i].says);
    }
    g_unlink(file);
    g_rmdir(folder);
}

static const struct {
    const char *spec, *says;
} bad_specs[] = {
    {"",
     "there is no kind ``, expected one of: ini keyvalue xml json ldap postfix sssd dovecot nslcd freeradius "
     "galsync mim "
     "lsc keycloak"},
    {"postfx:/x",
     "there is no kind `postfx`, expected one of: ini keyvalue xml json ldap postfix sssd dovecot nslcd "
     "freeradius galsync mim lsc keycloak"},
    {"postfix:", "expected postfix:FILE"},
    {"postfix", "expected postfix:FILE"},
    {"postfix:/a /b", "expected postfix:FILE"},
    {"ini:/a b", "expected ini:FILE SECTION KEY"},
    {"postfix:a.cf", "`a.cf` is no absolute path, expected postfix:FILE"},
    {"xml:/a \"//x", "a quotation mark is not closed"},
    {"xml:/a //x[", "`//x[` is no XPath expression"},
    {"xml:/a //a//b//c", "`//a//b//c` has more than two // in it"},
    {"json:/a x", "`x` is no JSON Pointer, expected one that begins with /"},
};

static void a_bad_source_is_refused_with_what_was_expected(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(bad_specs); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(source_t) source = source_new(bad_specs[i].spec, &error);

        assert_null(source);
        assert_string_equal(error->message, bad_specs[i].says);
    }
}

static void a_file_that_is_none_is_told(void **state)
{
    static const struct {
        const char *spec, *says;
    } files[] = {{"keyvalue:/nonexistent/x k", "/nonexistent/x: No such file or directory"},
                 {"keyvalue:/dev/null k", "/dev/null: is no regular file"},
                 {"keyvalue:/ k", "/: is no regular file"}};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(source_t) source = source_new(files[i].spec, NULL);

        assert_null(source_read(source, &error));
        assert_string_equal(error->message, files[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_consumer_keeps_it_in_its_own_way),
        cmocka_unit_test(sssd_conf_is_read_as_sssd_reads_it),
        cmocka_unit_test(a_bad_source_is_refused_with_what_was_expected),
        cmocka_unit_test(a_file_that_is_none_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
