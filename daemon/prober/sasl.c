#include "prober/sasl.h"

#include <sasl/sasl.h>
#include <string.h>

#include "prober/result.h"

#define MECHANISM "GSSAPI"
#define NO_LAYER  "the server gives no security layer to a connection in clear"
#define USE_CLEAR "use ldap:// without start_tls, Kerberos itself encrypts"
#define MAX_STEPS 8 /* of the conversation, which takes four */

bool sasl_is_installed(struct connection *connection)
{
    char **mechanisms = NULL; /* the library's own */

    ldap_get_option(NULL, LDAP_OPT_X_SASL_MECHLIST, &mechanisms);
    for (; mechanisms && *mechanisms; mechanisms++)
        if (strcmp(*mechanisms, MECHANISM) == 0)
            return true;
    failure_set(&connection->failed.failure, PHASE_BIND, REASON_BIND, 0,
                "SASL mechanism " MECHANISM " is not installed: libsasl2-modules-gssapi-mit");
    return false;
}

/* TLS inside TLS is of no use, and Active Directory refuses it. */
static bool set_terms(struct connection *connection)
{
    int binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;
    const char *properties =
        connection->is_shielded ? "noplain,noanonymous,maxssf=0" : "noplain,noanonymous,minssf=1";

    if (ldap_set_option(connection->ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
        ldap_set_option(connection->ld, LDAP_OPT_X_SASL_SECPROPS, properties) == LDAP_OPT_SUCCESS &&
        ldap_set_option(connection->ld, LDAP_OPT_X_SASL_CBINDING, &binding) == LDAP_OPT_SUCCESS)
        return true;
    failure_set(&connection->failed.failure, PHASE_BIND, REASON_BIND, 0, "libldap refuses the terms of SASL");
    return false;
}

/* The mechanism asks whom to act for: for ourselves. */
static int answer(LDAP *ld, unsigned flags, void *defaults, void *questions)
{
    (void)ld, (void)flags, (void)defaults;
    for (sasl_interact_t *question = questions; question->id != SASL_CB_LIST_END; question++) {
        question->result = "";
        question->len = 0;
    }
    return LDAP_SUCCESS;
}

/* What a server means that refuses the ticket; NULL: nothing that is known. */
static const char *meaning_of(const struct connection *connection, int code, const char *said)
{
    if (strstr(said, "SASL(-15)")) /* SASL_TOOWEAK */
        return NO_LAYER ": use ldaps:// or start_tls";
    if (code == LDAP_STRONG_AUTH_REQUIRED && connection->is_shielded)
        return "the server takes no Kerberos inside TLS: " USE_CLEAR;
    if (strstr(said, "data 80090346")) /* SEC_E_BAD_BINDINGS */
        return "the server sees another TLS connection than this one: uri has to lead to itself, "
               "or " USE_CLEAR;
    return NULL;
}

static void explain(struct connection *connection, int code, const char *said)
{
    struct failure *failure = &connection->failed.failure;
    const char *meaning = meaning_of(connection, code, said);
    bool is_answer = !LDAP_API_ERROR(code);
    g_autofree char *why = result_text(code, said);

    failure_set(failure, PHASE_BIND, REASON_BIND, is_answer ? code : 0, "%s%s",
                meaning     ? meaning
                : is_answer ? "the server refuses the ticket: "
                            : "the login by Kerberos failed: ",
                meaning ? "" : why);
}

static void refuse(struct connection *connection, int code)
{
    enum reason reason = result_reason(code);
    char *said = NULL;

    ldap_get_option(connection->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &said);
    explain(connection, code, said ? said : "");
    if (reason == REASON_BUSY || reason == REASON_CONNECT)
        connection->failed.failure.reason = reason;
    ldap_memfree(said);
}

/* The server says that we are in. libldap believes it even in the middle of the conversation, when the server
 * has proven nothing and there is no layer. */
static bool check(struct connection *connection, bool is_proven)
{
    ber_len_t strength = 0;

    ldap_get_option(connection->ld, LDAP_OPT_X_SASL_SSF, &strength);
    if (is_proven && (connection->is_shielded || strength > 0))
        return true;
    failure_set(&connection->failed.failure, PHASE_BIND, REASON_BIND, 0,
                is_proven ? NO_LAYER : "the server ends the login before it has proven who it is");
    return false;
}

bool sasl_bind(struct connection *connection, int64_t deadline_ms)
{
    const char *step = NULL; /* NULL again once our side is through */
    LDAPMessage *message = NULL;
    int msgid;

    if (!set_terms(connection))
        return false;
    for (unsigned n = 0; n < MAX_STEPS; n++) {
        /* On a handle that has lost its connection libldap would make another one, without TLS. */
        int code = connection_is_lost(connection)
                       ? LDAP_SERVER_DOWN
                       : ldap_sasl_interactive_bind(connection->ld, NULL, MECHANISM, NULL, NULL,
                                                    LDAP_SASL_QUIET, answer, NULL, message, &step, &msgid);
        ldap_msgfree(message);
        if (code == LDAP_SUCCESS)
            return check(connection, step == NULL);
        if (code != LDAP_SASL_BIND_IN_PROGRESS) {
            refuse(connection, code);
            return false;
        }
        if (!connection_await_answer(connection, PHASE_BIND, msgid, LDAP_RES_BIND, deadline_ms, &message))
            return false;
    }
    ldap_msgfree(message);
    failure_set(&connection->failed.failure, PHASE_BIND, REASON_PROTOCOL, 0,
                "the login by Kerberos comes to no end");
    return false;
}
