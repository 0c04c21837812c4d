#include "ctl/line_kind.h"

#include <stddef.h>

static const struct meaning no_such_object = {
    "noSuchObject (32)", BLAME_NAME,
    "no entry of that name exists there, or the account may not know that it does",
    "compare the DN with the directory: an entry, or one above it, was renamed, moved or deleted; if it is "
    "there, give the account the right to read it"};
static const struct meaning relative_name = {
    "noSuchObject (32)", BLAME_NAME,
    "no entry of that name exists there, or the account may not know that it does; JNDI counts the remaining "
    "name from the base DN in the provider URL, if that has one",
    "compare base DN and remaining name, joined, with the directory"};
static const struct meaning empty_result = {
    "noSuchObject (32)", BLAME_NAME,
    "the search base does not exist, or the account may not read it; SSSD goes on with an empty answer, "
    "as if nobody were there",
    "compare the ldap_*search_base of the domain in sssd.conf with the directory"};
static const struct meaning search_base = {
    "noSuchObject (32)", BLAME_NAME,
    "the fixed search_base of the table does not exist, or the account may not read it; mail is deferred",
    "compare search_base in the file of the table with the directory"};
static const struct meaning bad_syntax = {
    "invalidDNSyntax (34)", BLAME_SYNTAX,
    "what was sent is no DN to this server, or has an attribute type it does not know",
    "look at the DN as it is configured, that of the account as well; `dndriftctl dn' tells what is wrong "
    "with it"};
static const struct meaning referral = {
    "referral (10)", BLAME_NAME,
    "the DN lies outside the naming contexts of this server, which points elsewhere",
    "compare the end of the DN (dc=, o=) with the namingContexts of the server's root DSE: a domain may "
    "have been renamed, or the DN mistyped"};
static const struct meaning login = {
    "bind failed", BLAME_LOGIN,
    "the login failed: this says nothing about the container, whatever DN stands beside it",
    "see to the bind DN and the password of the account first"};
static const struct meaning permission = {
    "no permission", BLAME_LOGIN,
    "the account lacks a permission, though the words are about a name (KB Q260173)",
    "see to the account and its rights; leave the name alone"};
static const struct meaning no_login = {"operationsError (1)", BLAME_LOGIN,
                                        "nobody is logged in, and this server answers accounts alone",
                                        "configure a bind; the DN was not even looked at"};
static const struct meaning partition = {
    "no-start-partition-delete", BLAME_NAME,
    "the partition of the management agent is gone, or was made anew under the same name: another GUID",
    "open the management agent, refresh its partitions, and select partition and containers again"};
static const struct meaning failed_search = {
    "failed-search", BLAME_NAME, "the search of a container of the management agent failed",
    "compare the containers that the partition includes with the directory"};
static const struct meaning no_objects = {
    "completed-no-objects", BLAME_NAME,
    "the run found nothing at all: an empty answer is not an empty directory",
    "compare the containers that the partition includes with the directory before anything is "
    "deleted for it"};

#define AD       "Active Directory"
#define DAPI     "Exchange directory (DAPI)"
#define DS       "slapd or 389"
#define CLIENT   "LDAP client"
#define JNDI     "JNDI"
#define KEYCLOAK "Keycloak"
#define LSC      "LSC"
#define MIM      "FIM/MIM"
#define NSLCD    "nslcd"
#define PHP      "PHP"
#define POSTFIX  "Postfix"
#define PYTHON   "python-ldap"
#define RADIUS   "FreeRADIUS"
#define SSSD     "SSSD"

#define COMPLAINT(speaker, looks, meaning)                                                                   \
    {                                                                                                        \
        LINE_COMPLAINT, speaker, looks, meaning, 0                                                           \
    }
#define SUBJECT(speaker, looks, reach)                                                                       \
    {                                                                                                        \
        LINE_SUBJECT, speaker, looks, NULL, reach                                                            \
    }
#define DETAIL(looks)                                                                                        \
    {                                                                                                        \
        LINE_DETAIL, NULL, looks, NULL, 0                                                                    \
    }

#define HEAD_LINES  12  /* of ldapsearch, down to its result */
#define DEBUG_LINES 60  /* between a request and its result */
#define TRACE_LINES 200 /* of an exception, down to its cause */

/* Logins come first: their words are often those of a missing name. */
static const struct line_kind kinds[] = {
    COMPLAINT(DAPI, "check that the dsa name is valid", &permission),
    COMPLAINT(CLIENT, "ldap_bind: invalid", &login),
    COMPLAINT(CLIENT, "ldap_bind: inappropriate", &login),
    COMPLAINT(CLIENT, "ldap_bind: no such object", &login),
    COMPLAINT(CLIENT, "ldap_bind: strong", &login),
    COMPLAINT(CLIENT, "ldap_sasl_interactive_bind: invalid", &login),
    COMPLAINT(PHP, "ldap_bind(): unable to bind", &login),
    COMPLAINT(DS, "result tag=97 err=49 ", &login),
    COMPLAINT(DS, "result tag=97 err=34 ", &login),
    COMPLAINT(DS, "result tag=97 err=32 ", &login),
    COMPLAINT(DS, "result err=49 tag=97 ", &login),
    COMPLAINT(DS, "result err=34 tag=97 ", &login),
    COMPLAINT(DS, "result err=32 tag=97 ", &login),
    COMPLAINT(AD, "ldaperr:*acceptsecuritycontext error", &login),
    COMPLAINT(AD, "ldaperr:*a successful bind must be completed", &no_login),
    COMPLAINT(AD, "00002020: operation unavailable without authentication", &no_login),
    COMPLAINT(CLIENT, "result: 1 operations error", &no_login),
    COMPLAINT(CLIENT, "^operations error (1)", &no_login),
    COMPLAINT(JNDI, "ldap: error code 49", &login),
    COMPLAINT(CLIENT, "invalid credentials (49)", &login),
    COMPLAINT(CLIENT, "ldap result code 49", &login),

    COMPLAINT(DAPI, "directory path {dn} do not exist", NULL),
    COMPLAINT(DAPI, "directory path {dn} does not exist", NULL),
    COMPLAINT(DAPI, "dapiwrite", NULL),
    COMPLAINT(DAPI, "dapi error", NULL),
    COMPLAINT(DAPI, "hrdoimport", NULL),
    COMPLAINT(DAPI, "berr_", NULL),
    COMPLAINT(DAPI, "msexchangedsimp", NULL),
    {LINE_CODE, DAPI ", if the code is one of its own", "", NULL, 0},
    DETAIL("directory path {dn} do not exist"),
    DETAIL("directory path {dn} does not exist"),

    COMPLAINT(POSTFIX, "dict_ldap_lookup: *: search base '{dn}' not found: 32", &search_base),
    COMPLAINT(POSTFIX, "dict_ldap_lookup: search error 34", &bad_syntax),
    COMPLAINT(POSTFIX, "dict_ldap_lookup: search error 10", &referral),

    SUBJECT(SSSD, "calling ldap_search_ext with [*][{dn}]", DEBUG_LINES),
    SUBJECT(SSSD, "search result: success(0)", DEBUG_LINES),
    COMPLAINT(SSSD, "search result: no such object(32)", &empty_result),
    COMPLAINT(SSSD, "search result: invalid dn syntax(34)", &bad_syntax),
    COMPLAINT(SSSD, "search result: referral(10)", &referral),

    COMPLAINT(KEYCLOAK, "could not query server using dn [{dn}] and filter*error code 32", &no_such_object),
    COMPLAINT(KEYCLOAK, "could not query server using dn [{dn}] and filter*error code 34", &bad_syntax),
    SUBJECT(JNDI, "could not query server using dn [{dn}] and filter", TRACE_LINES),
    COMPLAINT(LSC, "error while looking for *) in {dn}: javax.naming*error code 32", &no_such_object),
    COMPLAINT(LSC, "error while looking for *) in {dn}: javax.naming*error code 34", &bad_syntax),
    COMPLAINT(LSC, "error while adding entry {entry} in directory *error code 32", &no_such_object),
    COMPLAINT(LSC, "error while modifying entry {dn} in directory *error code 32", &no_such_object),
    COMPLAINT(JNDI, "ldap: error code 32 - ", &relative_name),
    COMPLAINT(JNDI, "ldap: error code 34 - ", &bad_syntax),
    COMPLAINT(JNDI, "ldap: error code 10 - ", &referral),
    DETAIL("]; remaining name '{dn}'"),

    COMPLAINT(MIM, "no-start-partition-delete", &partition),
    COMPLAINT(MIM, "^failed-search$", &failed_search),
    COMPLAINT(MIM, "result>failed-search<", &failed_search),
    COMPLAINT(MIM, "completed-no-objects", &no_objects),

    COMPLAINT(PYTHON, "search_s('{dn}', *no_such_object", &no_such_object),
    COMPLAINT(PYTHON, "'desc': 'no such object'", &no_such_object),
    COMPLAINT(PYTHON, "\"desc\": \"no such object\"", &no_such_object),
    COMPLAINT(PYTHON, "'desc': 'invalid dn syntax'", &bad_syntax),
    COMPLAINT(PYTHON, "ldapnosuchobjectresult", &no_such_object),
    DETAIL("'matched': '{matched}'"),

    SUBJECT(RADIUS, "ldap: performing search in \"{dn}\", ", 10),
    SUBJECT(RADIUS, "ldap: performing unfiltered search in \"{dn}\", ", 10),
    COMPLAINT(RADIUS, "ldap: the specified dn wasn't found", &no_such_object),
    SUBJECT(NSLCD, "myldap_search(base=\"{dn}\", ", DEBUG_LINES),
    COMPLAINT(NSLCD, "ldap_result() failed: no such object", &no_such_object),
    COMPLAINT(NSLCD, "ldap_result() failed: invalid dn syntax", &bad_syntax),

    SUBJECT(DS, "conn={key} srch base=\"{dn}\" scope", 0),
    SUBJECT(DS, "conn={key} add dn=\"{entry}\"", 0),
    SUBJECT(DS, "conn={key} mod dn=\"{dn}\"", 0),
    SUBJECT(DS, "conn={key} del dn=\"{dn}\"", 0),
    SUBJECT(DS, "conn={key} modrdn dn=\"{dn}\"", 0),
    SUBJECT(DS, "conn={key} do_search: invalid dn: \"{dn}\"", 0),
    COMPLAINT(DS, "conn={key} search result tag=101 err=32 ", &no_such_object),
    COMPLAINT(DS, "conn={key} search result tag=101 err=34 ", &bad_syntax),
    COMPLAINT(DS, "conn={key} search result tag=101 err=10 ", &referral),
    COMPLAINT(DS, "conn={key} result tag=1* err=32 ", &no_such_object),
    COMPLAINT(DS, "conn={key} result tag=1* err=34 ", &bad_syntax),
    COMPLAINT(DS, "conn={key} result tag=1* err=10 ", &referral),
    COMPLAINT(DS, "conn={key} result err=32 tag=1", &no_such_object),
    COMPLAINT(DS, "conn={key} result err=34 tag=1", &bad_syntax),
    COMPLAINT(DS, "conn={key} result err=10 tag=1", &referral),

    COMPLAINT(AD, "nameerr:*problem 2001 (no_object)", &no_such_object),
    COMPLAINT(AD, "nameerr:*problem 2006 (bad_name)", &bad_syntax),
    COMPLAINT(AD, "referr:*access points", &referral),
    COMPLAINT(AD, "there is no such object on the server", &no_such_object),
    DETAIL("best match of:*'{matched}'"),
    DETAIL("^'{matched}'"),

    SUBJECT(CLIENT, "^# base <{dn}> with scope ", HEAD_LINES),
    SUBJECT(CLIENT, "^adding new entry \"{entry}\"", 1),
    SUBJECT(CLIENT, "^modifying entry \"{dn}\"", 1),
    SUBJECT(CLIENT, "^deleting entry \"{dn}\"", 1),
    SUBJECT(CLIENT, "^modifying rdn of entry \"{dn}\"", 1),
    SUBJECT(CLIENT, "^result: 0 success", 1),
    COMPLAINT(CLIENT, "result: 32 no such object", &no_such_object),
    COMPLAINT(CLIENT, "no such object (32)", &no_such_object),
    COMPLAINT(CLIENT, "(32: no such object)", &no_such_object),
    COMPLAINT(CLIENT, "no such object. (code 32)", &no_such_object),
    COMPLAINT(CLIENT, "ldap search failed: no such object", &no_such_object),
    COMPLAINT(CLIENT, "ldap result code 32", &no_such_object),
    COMPLAINT(CLIENT, "nosuchobjecterror: ", &no_such_object),
    COMPLAINT(CLIENT, "result: 34 invalid dn syntax", &bad_syntax),
    COMPLAINT(CLIENT, "invalid dn syntax (34)", &bad_syntax),
    COMPLAINT(CLIENT, "ldap result code 34", &bad_syntax),
    COMPLAINT(CLIENT, "result: 10 referral", &referral),
    COMPLAINT(CLIENT, "^referral (10)", &referral),
    COMPLAINT(CLIENT, "ldap result code 10 ", &referral),
    COMPLAINT(PHP, "ldap_search(): search: no such object", &no_such_object),
    COMPLAINT(PHP, "ldap_list(): search: no such object", &no_such_object),
    COMPLAINT(PHP, "ldap_read(): search: no such object", &no_such_object),
    COMPLAINT(PHP, "ldap_search(): search: invalid dn syntax", &bad_syntax),
    COMPLAINT(PHP, "ldap_add(): add: no such object", &no_such_object),
    DETAIL("^matched dn: {matched}"),
    DETAIL("^matcheddn: {matched}"),
    DETAIL("^no such base dn: {dn}"),
    DETAIL("^additional info"),
    DETAIL("^text: "),
    DETAIL("^ref: "),
    {0},
};

const struct line_kind *line_kinds(void)
{
    return kinds;
}
