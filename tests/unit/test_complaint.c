/* ctl/complaints: what error texts are recognised as, and which ordinary lines are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ctl/complaints.h"
#include "ctl/intake.h"
#include "dn/dn.h"

#define PATH      "/o=mms/ou=charlotte/cn=recipients/cn=Custom Recipients"
#define CUSTOM    "cn=Custom Recipients,cn=recipients,ou=charlotte,o=mms"
#define ABOVE     "cn=recipients,ou=charlotte,o=mms"
#define PEOPLE    "ou=people,dc=example,dc=com"
#define CODE      "0xC000011E BERR_CREATE_PATH_NOT_FOUND"
#define DAPI      "Exchange directory (DAPI)"
#define ALONE     DAPI ", if the code is one of its own"
#define AD        "Active Directory"
#define CLIENT    "LDAP client"
#define DS        "slapd or 389"
#define MIM       "FIM/MIM"
#define PYTHON    "python-ldap"
#define NO_OBJECT "noSuchObject (32)"
#define NO_DN     "invalidDNSyntax (34)"
#define REFERRAL  "referral (10)"
#define NO_BIND   "bind failed"

static const struct {
    const char *text;
    const char *says, *error; /* of the first complaint; NULL: nothing is recognised */
    const char *dn, *matched; /* NULL: none */
    const char *why;
} cases[] = {
    /* DAPI */
    {"HrDoImport: DAPIWrite failed, 0xc000011e, unable to create object because one or more objects in the "
     "directory path " PATH " do not exist",
     DAPI, CODE, PATH, NULL, "the line of the article"},
    {"DAPIWrite gave 0xC000011E: the directory path '" PATH "' does not exist.", DAPI, CODE, PATH, NULL,
     "quoted"},
    {"HrDoImport calling DAPIWrite, 0xc000011e", DAPI, CODE, NULL, NULL, "no path in it"},
    {"HrDoImport calling DAPIWrite\n0xc000011e", ALONE, CODE, NULL, NULL, "the code in a line of its own"},
    {"HrDoImport calling DAPIWrite, c000011e for " CUSTOM, DAPI, CODE, CUSTOM, NULL, "LDAP form, no 0x"},
    {"DAPIWrite -1073741538 (\\O=MMS\\OU=CHARLOTTE\\CN=RECIPIENTS)", DAPI, CODE,
     "\\O=MMS\\OU=CHARLOTTE\\CN=RECIPIENTS", NULL, "negative decimal, backslashes, upper case"},
    {"DAPIWrite: 3221225758 for \"/O=MMS/OU=CHARLOTTE/CN=RECIPIENTS\"", DAPI, CODE,
     "/O=MMS/OU=CHARLOTTE/CN=RECIPIENTS", NULL, "unsigned decimal"},
    {"DAPIWrite 0xc000011e\nunable to create it because objects in the directory path " PATH " do not exist",
     DAPI, CODE, PATH, NULL, "the path in the line below"},
    {"BERR_NO_SUCH_CONTAINER while importing into EX:/o=mms/ou=charlotte/cn=none", DAPI,
     "0xC00000B0 BERR_NO_SUCH_CONTAINER", "/o=mms/ou=charlotte/cn=none", NULL, "by its symbol"},
    {"Event 286, MSExchangeDSImp: the directory path " PATH " do not exist", DAPI, CODE, PATH, NULL,
     "by its event"},
    {"Source: MSExchangeDSImp Event ID: 176", DAPI, "0xC00000B0 BERR_NO_SUCH_CONTAINER", NULL, NULL,
     "another event"},
    {"DAPI error 0x800000a5 at line 7", DAPI, "0x800000A5 DAPI_W_RDN_MAPPED", NULL, NULL, "a warning"},
    {"Unable to create object x because one or more objects in the directory path " PATH " do not exist.",
     DAPI, CODE, PATH, NULL, "the words without a number"},
    {"-1073741538", ALONE, CODE, NULL, NULL, "a code and nothing else"},
    {"  C000011E ", ALONE, CODE, NULL, NULL, "a code with blanks round it"},
    /* clients of OpenLDAP */
    {"# base <" CUSTOM
     "> with scope subtree\n#\n\n# search result\nsearch: 2\nresult: 32 No such object\nmatchedDN: " ABOVE,
     CLIENT, NO_OBJECT, CUSTOM, ABOVE, "ldapsearch"},
    {"No such object (32)\nMatched DN: " ABOVE, CLIENT, NO_OBJECT, NULL, ABOVE, "ldapsearch -LLL"},
    {"adding new entry \"cn=x," CUSTOM "\"\nldap_add: No such object (32)\n\tmatched DN: " ABOVE, CLIENT,
     NO_OBJECT, CUSTOM, ABOVE, "ldapadd: the container is missing, not the new entry"},
    {"# base <garbage> with scope subtree\nresult: 34 Invalid DN syntax\ntext: invalid DN", CLIENT, NO_DN,
     "garbage", NULL, "not a DN"},
    {"ldap_modify: Invalid DN syntax (34)", CLIENT, NO_DN, NULL, NULL, "ldapmodify"},
    {"# base <dc=a> with scope sub\nresult: 10 Referral\ntext: 0000202B: RefErr: DSID-031, data 0, 1 access "
     "points\n\tref 1: 'a.b'",
     CLIENT, REFERRAL, "dc=a", NULL, "another domain"},
    {"ldap_add: No such object (32)\nadding new entry \"" CUSTOM "\"\n\nldap_add: No such object (32)",
     CLIENT, NO_OBJECT, NULL, NULL,
     "in a pipe the names come behind their errors, and nobody knows whose they are"},
    {"# base <" PEOPLE "> with scope sub\nresult: 0 Success\nNo such object (32)", CLIENT, NO_OBJECT, NULL,
     NULL, "the search above it succeeded"},
    {"result: 32 No such object\nmatchedDN: ou=a very long name for an organizational unit made up of many "
     "words,\n "
     "dc=a,dc=b",
     CLIENT, NO_OBJECT, NULL,
     "ou=a very long name for an organizational unit made up of many words,dc=a,dc=b", "folded LDIF"},
    {"result: 32 No such object\nmatchedDN: ou=a very long name for an organizational unit made up of many "
     "words \n "
     "and more,dc=b",
     CLIENT, NO_OBJECT, NULL,
     "ou=a very long name for an organizational unit made up of many words and more,dc=b",
     "folded at a blank"},
    {"result: 32 No such object\nmatchedDN: ou=a very long name for an organizational unit made up of many "
     "words,dc=b\n\n# numResponses: 1",
     CLIENT, NO_OBJECT, NULL, "ou=a very long name for an organizational unit made up of many words,dc=b",
     "long, not folded"},
    {"http_auth_ldap: ldap_search_ext() request failed (32: No such object)", CLIENT, NO_OBJECT, NULL, NULL,
     "nginx"},
    {"[error] LDAP failure: No such object. (Code 32)", CLIENT, NO_OBJECT, NULL, NULL, "a PHP library"},
    {"error=\"LDAP Result Code 32 \\\"No Such Object\\\"\"", CLIENT, NO_OBJECT, NULL, NULL, "Go"},
    {"NoSuchObjectError: 0000208D: NameErr: DSID-1, problem 2001 (NO_OBJECT), data 0, best match "
     "of:\n\t'DC=a,DC=b'\n",
     AD, NO_OBJECT, NULL, "DC=a,DC=b", "ldapjs"},
    {"ErrorException: ldap_search(): Search: No such object", "PHP", NO_OBJECT, NULL, NULL, "snipe-it#6639"},
    /* servers */
    {"conn=7 op=1 SRCH base=\"" CUSTOM "\" scope=2 deref=0 filter=\"(objectClass=*)\"\n"
     "conn=8 op=1 SRCH base=\"o=mms\" scope=2 deref=0 filter=\"(objectClass=*)\"\n"
     "conn=7 op=1 SEARCH RESULT tag=101 err=32 qtime=0.00 etime=0.00 nentries=0 text=",
     DS, NO_OBJECT, CUSTOM, NULL, "slapd, operations between each other"},
    {"[29/Nov/2026:14:00:00.1 +0000] conn=3 op=2 SRCH base=\"" CUSTOM
     "\" scope=2 filter=\"(uid=x)\" attrs=ALL\n"
     "[29/Nov/2026:14:00:00.2 +0000] conn=3 op=2 RESULT err=32 tag=101 nentries=0 wtime=0.0 optime=0.0 "
     "etime=0.0",
     DS, NO_OBJECT, CUSTOM, NULL, "389"},
    {"conn=9 op=1 ADD dn=\"cn=x," CUSTOM "\"\nconn=9 op=1 RESULT tag=105 err=32 qtime=0.0 etime=0.0 text=",
     DS, NO_OBJECT, CUSTOM, NULL, "an add below a container that is gone"},
    {"conn=5 op=1 do_search: invalid dn: \"zz=1,o=mms\"\nconn=5 op=1 SEARCH RESULT tag=101 err=34 qtime=0.0 "
     "nentries=0 text=",
     DS, NO_DN, "zz=1,o=mms", NULL, "slapd, not a DN"},
    {"LDAPException: 0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0, best match "
     "of:\n\t'DC=ad,DC=example'",
     AD, NO_OBJECT, NULL, "DC=ad,DC=example", "AD"},
    {"0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0, best match "
     "of:\\n\\t'DC=ad,DC=example'\\n",
     AD, NO_OBJECT, NULL, "DC=ad,DC=example", "AD, its lines escaped"},
    {"0000208F: NameErr: DSID-03100225, problem 2006 (BAD_NAME), data 8350, best match of:\n\t'OU=,DC=ad'",
     AD, NO_DN, "OU=,DC=ad", NULL, "what stands there is the bad name, no match"},
    {"0000202B: RefErr: DSID-031007EF, data 0, 1 access points\n\tref 1: 'other.example'", AD, REFERRAL, NULL,
     NULL, "AD"},
    /* programs */
    {"postfix/smtpd[1]: warning: dict_ldap_lookup: /etc/postfix/x.cf: Search base '" CUSTOM
     "' not found: 32: No such object",
     "Postfix", NO_OBJECT, CUSTOM, NULL, "a fixed search base"},
    {"warning: dict_ldap_lookup: Search error 34: Invalid DN syntax ", "Postfix", NO_DN, NULL, NULL, "no DN"},
    {"[sdap_get_generic_ext_step] (0x0400): calling ldap_search_ext with "
     "[(&(uid=x)(objectclass=posixAccount))][" PEOPLE "].\n"
     "[sdap_get_generic_ext_step] (0x1000): Requesting attrs: [uid]\n"
     "[sdap_get_generic_op_finished] (0x0400): Search result: No such object(32), no errmsg set",
     "SSSD", NO_OBJECT, PEOPLE, NULL, "the base stands above"},
    {"ERROR [org.keycloak.LDAPOperationManager] (executor-thread-3) Could not query server using DN [" PEOPLE
     "] and filter "
     "[(objectclass=*)]: javax.naming.NameNotFoundException: [LDAP: error code 32 - No Such Object]; "
     "remaining name '" PEOPLE "'",
     "Keycloak", NO_OBJECT, PEOPLE, NULL, "all in one line"},
    {"ModelException: Could not query server using DN [" PEOPLE "] and filter [(uid=x)]\n\tat org.keycloak\n"
     "Caused by: javax.naming.NameNotFoundException: [LDAP: error code 32 - No Such Object]",
     "JNDI", NO_OBJECT, PEOPLE, NULL, "the cause below the trace"},
    {"Mar 19 15:27:44 - ERROR - Error while looking for (&(objectClass=user)(uid=x)) in " PEOPLE ": "
     "javax.naming.NameNotFoundException: [LDAP: error code 32 - No Such Object]; remaining name ''",
     "LSC", NO_OBJECT, PEOPLE, NULL, "a search of LSC"},
    {"ERROR - Error while adding entry cn=x," PEOPLE
     " in directory :javax.naming.NameNotFoundException: [LDAP: error code 32 - a]",
     "LSC", NO_OBJECT, PEOPLE, NULL, "an add of LSC"},
    {"NameNotFoundException: [LDAP: error code 32 - 0000208D: NameErr: DSID-03100245, problem 2001 "
     "(NO_OBJECT), data 0, best match of:\n"
     "\t'DC=ad,DC=example'\n]; remaining name 'OU=x,DC=ad,DC=example'",
     "JNDI", NO_OBJECT, "OU=x,DC=ad,DC=example", "DC=ad,DC=example", "three lines"},
    {"search_s('ou=x,dc=b', 2, '(mail=a)') raised NO_SUCH_OBJECT({'result': 32, 'desc': 'No such object', "
     "'ctrls': [], 'matched': 'dc=b'})",
     PYTHON, NO_OBJECT, "ou=x,dc=b", "dc=b", "django-auth-ldap"},
    {"ldap.NO_SUCH_OBJECT: {'matched': 'dc=b', 'desc': 'No such object'}", PYTHON, NO_OBJECT, NULL, "dc=b",
     "keys in another order"},
    {"(0) ldap: Performing search in \"" PEOPLE
     "\", filter \"(uid=x)\", scope \"sub\"\n(0) ldap: Waiting for search result...\n"
     "(0) ldap: The specified DN wasn't found",
     "FreeRADIUS", NO_OBJECT, PEOPLE, NULL, "radiusd -X"},
    {"nslcd: DEBUG: myldap_search(base=\"" PEOPLE
     "\", filter=\"(uid=x)\")\nnslcd: ldap_result() failed: No such object",
     "nslcd", NO_OBJECT, PEOPLE, NULL, "nslcd -d"},
    {"<step-result>no-start-partition-delete</step-result>", MIM, "no-start-partition-delete", NULL, NULL,
     "a run"},
    {"failed-search", MIM, "failed-search", NULL, NULL, "the name of the result"},
    {"<connection-result>failed-search</connection-result>", MIM, "failed-search", NULL, NULL,
     "in a run history"},
    {"completed-no-objects", MIM, "completed-no-objects", NULL, NULL, "nothing came"},
    /* logins: never the DN */
    {"ldap_bind: No such object (32)\n\tmatched DN: o=mms", CLIENT, NO_BIND, NULL, "o=mms",
     "the bind DN is not the container"},
    {"ldap_bind: Invalid DN syntax (34)\n\tadditional info: invalid DN", CLIENT, NO_BIND, NULL, NULL,
     "the bind DN is none"},
    {"# base <" PEOPLE "> with scope sub\nldap_bind: Invalid credentials (49)", CLIENT, NO_BIND, NULL, NULL,
     "not the base above"},
    {"80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 525, v4563", AD, NO_BIND,
     NULL, NULL, "no such user"},
    {"LdapErr: DSID-0C0907C2, comment: In order to perform this operation a successful bind must be "
     "completed on the connection., data 0",
     AD, "operationsError (1)", NULL, NULL, "anonymous"},
    {"conn=1 op=0 BIND dn=\"cn=admin,o=mms\" method=128\nconn=1 op=0 RESULT tag=97 err=32 qtime=0.0 text=",
     DS, NO_BIND, NULL, NULL, "a bind of slapd"},
    {"[LDAP: error code 49 - Invalid Credentials]", "JNDI", NO_BIND, NULL, NULL, "JNDI"},
    {"Unable to bind: check that the DSA name is valid (" PATH ")", DAPI, "no permission", NULL, NULL,
     "KB Q260173"},
    {"search: 2\nresult: 1 Operations error\ntext: 00002020: Operation unavailable without authentication",
     CLIENT, "operationsError (1)", NULL, NULL, "Samba"},
    /* what only looks alike */
    {"iso.3.6.1.2.1.1 = No Such Object available on this agent at this OID", NULL, NULL, NULL, NULL, "SNMP"},
    {"Error: No such object: web-1", NULL, NULL, NULL, NULL, "docker inspect"},
    {"404 No such object: bucket/o=mms/cn=x", NULL, NULL, NULL, NULL, "a bucket"},
    {"write failed, err=32 (Broken pipe)", NULL, NULL, NULL, NULL, "errno"},
    {"errno 34: Numerical result out of range", NULL, NULL, NULL, NULL, "errno"},
    {"GET /o=mms/cn=x HTTP/1.1 404 32", NULL, NULL, NULL, NULL, "32 bytes of a page"},
    {"conn=1 op=2 SEARCH RESULT tag=101 err=0 nentries=32 text=", NULL, NULL, NULL, NULL, "32 entries"},
    {"conn=1 op=2 SEARCH RESULT tag=101 err=320 nentries=1 text=", NULL, NULL, NULL, NULL, "another code"},
    {"conn=1 op=0 RESULT tag=97 err=0 qtime=0.0 text=", NULL, NULL, NULL, NULL, "a login that succeeded"},
    {"conn=1 op=1 SRCH base=\"" CUSTOM "\" scope=2", NULL, NULL, NULL, NULL, "a search alone"},
    {"adding new entry \"" CUSTOM "\"", NULL, NULL, NULL, NULL, "an add that succeeded"},
    {"search: 2\nresult: 0 Success", NULL, NULL, NULL, NULL, "a search that succeeded"},
    {"CreateFile failed with NTSTATUS 0xC000011F (too many opened files)", NULL, NULL, NULL, NULL,
     "the numbers of Windows are others"},
    {"The application failed, 0xC00000B0, pipe disconnected", NULL, NULL, NULL, NULL, "the same"},
    {"MSExchangeIS Event ID: 286", NULL, NULL, NULL, NULL, "the events of another source"},
    {"ldapi:///run event 286 0xc000011e", NULL, NULL, NULL, NULL, "dapi inside another word"},
    {"DAPIWrite succeeded, 0x00000000", NULL, NULL, NULL, NULL, "DAPI without a fault of ours"},
    {"DAPIWrite failed, 0xc0000123", NULL, NULL, NULL, NULL, "a code that is not about names"},
    {"DAPIWrite failed, 0xc000011e0, 1c000011e", NULL, NULL, NULL, NULL, "more digits"},
    {"Searching for best match of: 'cn=x,dc=b'", NULL, NULL, NULL, NULL, "a search engine"},
    {"the failed-search counter is 3", NULL, NULL, NULL, NULL, "prose"},
    {"'cn=x,dc=b'", NULL, NULL, NULL, NULL, "a detail of nothing"},
    {"remaining name 'ou=x'", NULL, NULL, NULL, NULL, "a detail of nothing"},
    {"[sdap] (0x0400): Search result: Success(0), no errmsg set", NULL, NULL, NULL, NULL, "SSSD is content"},
    {"ldap_bind: Success (0)", NULL, NULL, NULL, NULL, "a login that succeeded"},
    {"ldap_bind: Can't contact LDAP server (-1)", NULL, NULL, NULL, NULL, "nobody was there to judge a name"},
    {"mkdir: the directory path /o=x/cn=y does not exist", NULL, NULL, NULL, NULL, "a folder"},
    {"", NULL, NULL, NULL, NULL, "nothing"},
};

static void add_line(const char *line, size_t length, void *user)
{
    complaints_add_line(user, line, length);
}

static complaints_t *read_bytes(const char *text, size_t length)
{
    complaints_t *complaints = complaints_new();
    struct intake intake;

    intake_init(&intake, add_line, complaints);
    intake_add(&intake, text, length);
    intake_finish(&intake);
    intake_clear(&intake);
    return complaints;
}

/* The case at `index`, in the bytes of some encoding. */
static void check(size_t index, const char *bytes, size_t length)
{
    g_autoptr(complaints_t) complaints = read_bytes(bytes, length);
    const GPtrArray *all = complaints_finish(complaints);
    const struct complaint *first = all->len > 0 ? g_ptr_array_index(all, 0) : NULL;
    const char *says = first ? first->kind->speaker : NULL;
    g_autofree char *title = first ? complaint_title(first) : NULL;

    if (g_strcmp0(says, cases[index].says) != 0 || g_strcmp0(title, cases[index].error) != 0)
        fail_msg("%s: %s, %s instead of %s, %s", cases[index].why, says, title, cases[index].says,
                 cases[index].error);
    if (first &&
        (g_strcmp0(first->dn, cases[index].dn) != 0 || g_strcmp0(first->matched, cases[index].matched) != 0))
        fail_msg("%s: DN %s, matched %s instead of %s, %s", cases[index].why, first->dn, first->matched,
                 cases[index].dn, cases[index].matched);
    if (all->len > 1)
        fail_msg("%s: %u complaints", cases[index].why, all->len);
}

static void each_text_is_recognised_as_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        check(i, cases[i].text, strlen(cases[i].text));
}

static void each_text_is_recognised_as_windows_writes_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = 0;
        g_autofree char *wide = g_convert(cases[i].text, -1, "UTF-16", "UTF-8", NULL, &length, NULL);

        check(i, wide, length);
    }
}

static void what_is_repeated_is_counted(void **state)
{
    g_autoptr(complaints_t) complaints = complaints_new();
    static const char line[] = "dict_ldap_lookup: x: Search base '" CUSTOM "' not found: 32: No such object";
    const struct complaint *first;

    (void)state;
    complaints_add_line(complaints, "something else", 14);
    for (int i = 0; i < 1000; i++)
        complaints_add_line(complaints, line, strlen(line));
    complaints_add_line(complaints, "something else", 14);
    assert_int_equal(complaints_finish(complaints)->len, 1);
    first = g_ptr_array_index(complaints_finish(complaints), 0);
    assert_int_equal(first->count, 1000);
    assert_int_equal(first->first_line, 2);
    assert_int_equal(first->last_line, 1001);
}

static void different_ones_are_kept_up_to_a_number(void **state)
{
    g_autoptr(complaints_t) complaints = complaints_new();

    (void)state;
    for (int i = 0; i < COMPLAINTS_MAX + 5; i++) {
        g_autofree char *line = g_strdup_printf(
            "dict_ldap_lookup: x: Search base 'ou=%d,o=mms' not found: 32: No such object", i);
        complaints_add_line(complaints, line, strlen(line));
    }
    assert_int_equal(complaints_finish(complaints)->len, COMPLAINTS_MAX);
    assert_int_equal(complaints_left_out(complaints), 5);
}

static void the_first_missing_name_is_below_what_exists(void **state)
{
    static const struct {
        const char *dn, *matched, *missing, *why;
    } names[] = {
        {CUSTOM, ABOVE, "cn=Custom Recipients", "the leaf"},
        {CUSTOM, "O=MMS", "ou=charlotte", "in the middle, another case"},
        {PATH, "o=mms", "ou=charlotte", "a slash form"},
        {CUSTOM, CUSTOM, NULL, "django-python3-ldap#230: the best match is all of it"},
        {CUSTOM, "dc=elsewhere", NULL, "of another tree"},
        {NULL, "o=mms", NULL, "no DN"},
        {CUSTOM, NULL, NULL, "nothing is said to exist"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(complaint_t) complaint = complaint_new(line_kinds(), NULL, 1);
        g_autofree char *missing = NULL;

        complaint->dn = g_strdup(names[i].dn);
        complaint->matched = g_strdup(names[i].matched);
        missing = complaint_first_missing(complaint);
        if (g_strcmp0(missing, names[i].missing) != 0)
            fail_msg("%s: %s instead of %s", names[i].why, missing, names[i].missing);
    }
}

/* What the rows are about, so that random text gets past their first words. */
static const char *const pieces[] = {
    "DAPIWrite ",
    "0xc000011e",
    "directory path ",
    " do not exist",
    PATH,
    CUSTOM,
    "\n",
    "\r\n",
    "\t",
    "'",
    "\"",
    "conn=1 op=1 ",
    "SRCH base=\"",
    "\" scope=2",
    "SEARCH RESULT tag=101 err=32 ",
    "best match of:",
    "NameErr: ",
    "problem 2001 (NO_OBJECT)",
    "problem 2006 (BAD_NAME)",
    "]; remaining name '",
    "[LDAP: error code 32 - ",
    "matchedDN: ",
    "result: 32 No such object",
    "\xff",
    "\xc2\x9b",
    "=",
    ",",
    "/",
    "\\",
    "cn=",
    "# base <",
    "> with scope ",
    "event ",
    "MSExchangeDSImp ",
    "286",
    "  ",
    " ",
};

static void random_text_is_survived(void **state)
{
    GRand *random = g_rand_new_with_seed(260907);
    unsigned n_found = 0;

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(complaints_t) complaints = NULL;

        for (int n = g_rand_int_range(random, 0, 40); n > 0; n--) {
            if (g_rand_int_range(random, 0, 10) == 0)
                g_string_append_c(text, (char)g_rand_int_range(random, 0, 256));
            else
                g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        }
        complaints = read_bytes(text->str, text->len);
        n_found += complaints_finish(complaints)->len;
    }
    g_rand_free(random);
    assert_in_range(n_found, 2000, 200000); /* else the pieces test one side only */
}

/* The dearest lines: every word of the rows over and over, and names that never end. */
static void long_lines_are_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) text = g_string_new("DAPIWrite 0xc000011e ");
        g_autoptr(complaints_t) complaints = NULL;

        while (text->len < INTAKE_MAX_LINE + 1000)
            g_string_append(text, pieces[i]);
        complaints = read_bytes(text->str, text->len);
        assert_in_range(complaints_finish(complaints)->len, 1, COMPLAINTS_MAX);
    }
}

/* A name that LDIF goes on with for ever. */
static void a_name_without_end_is_cut(void **state)
{
    g_autoptr(GString) text = g_string_new("No such object (32)\nMatched DN: ");
    g_autofree char *piece = g_strnfill(76, 'a');
    g_autoptr(complaints_t) complaints = NULL;
    const struct complaint *first;

    (void)state;
    g_string_append_printf(text, "cn=%s", piece);
    for (int i = 0; i < 10000; i++)
        g_string_append_printf(text, "\n %s", piece);
    complaints = read_bytes(text->str, text->len);
    assert_int_equal(complaints_finish(complaints)->len, 1);
    first = g_ptr_array_index(complaints_finish(complaints), 0);
    assert_true(!first->matched || strlen(first->matched) <= DN_MAX_BYTES);
}

static void count_line(const char *line, size_t length, void *user)
{
    (void)line;
    assert_in_range(length, 0, INTAKE_MAX_LINE);
    ++*(unsigned *)user;
}

static void a_line_without_end_is_cut_and_counted(void **state)
{
    g_autofree char *block = g_strnfill(1 << 16, 'a');
    struct intake intake;
    unsigned n_lines = 0;

    (void)state;
    intake_init(&intake, count_line, &n_lines);
    for (int i = 0; i < 1024; i++)
        intake_add(&intake, block, 1 << 16);
    intake_add(&intake, "\nshort\r\nlast", 12);
    intake_finish(&intake);
    assert_int_equal(n_lines, 3);
    assert_int_equal(intake.n_cut, 1);
    assert_in_range(intake.line->allocated_len, 0, 4 * INTAKE_MAX_LINE);
    intake_clear(&intake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_recognised_as_what_it_is),
        cmocka_unit_test(each_text_is_recognised_as_windows_writes_it),
        cmocka_unit_test(what_is_repeated_is_counted),
        cmocka_unit_test(different_ones_are_kept_up_to_a_number),
        cmocka_unit_test(the_first_missing_name_is_below_what_exists),
        cmocka_unit_test(random_text_is_survived),
        cmocka_unit_test(long_lines_are_survived),
        cmocka_unit_test(a_name_without_end_is_cut),
        cmocka_unit_test(a_line_without_end_is_cut_and_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
