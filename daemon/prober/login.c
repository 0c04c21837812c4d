#include "prober/login.h"

#include "prober/kerberos.h"
#include "prober/password.h"
#include "prober/refusal.h"
#include "prober/result.h"
#include "prober/sasl.h"

/* What the server's refusal means. */
static void refuse(struct connection *connection, int code, const char *said)
{
    struct failure *failure = &connection->failed.failure;
    bool is_doubt = code == LDAP_INVALID_CREDENTIALS;
    bool is_simple = connection->setup->bind == WIRE_BIND_SIMPLE;

    g_autofree char *why = is_simple ? refusal_explain(code, said, &is_doubt) : result_text(code, said);

    connection->failed.is_credentials = is_doubt;
    failure_set(failure, PHASE_BIND, REASON_BIND, code, "%s", why);
    if (result_reason(code) == REASON_BUSY)
        failure->reason = REASON_BUSY;
}

static bool bind_as(struct connection *connection, const char *dn, const char *mechanism,
                    struct berval *credentials, int64_t deadline_ms)
{
    LDAPMessage *message = NULL;
    char *said = NULL;
    int msgid;

    int code = ldap_sasl_bind(connection->ld, dn, mechanism, credentials, NULL, NULL, &msgid);
    if (code == LDAP_SUCCESS) {
        if (!connection_await_answer(connection, PHASE_BIND, msgid, LDAP_RES_BIND, deadline_ms, &message))
            return false;
        int problem = ldap_parse_result(connection->ld, message, &code, NULL, &said, NULL, NULL, 1);
        code = problem == LDAP_SUCCESS ? code : problem;
    }
    if (code != LDAP_SUCCESS)
        refuse(connection, code, said);
    ldap_memfree(said);
    return code == LDAP_SUCCESS;
}

static bool login_simple(struct connection *connection, int64_t deadline_ms)
{
    const struct wire_setup *setup = connection->setup;
    struct failure *failure = &connection->failed.failure;
    g_autoptr(GError) error = NULL;
    struct password password;

    if (!connection->is_shielded && !setup->allow_cleartext) {
        failure_set(failure, PHASE_BIND, REASON_BIND, 0,
                    "the password is not sent in clear: use ldaps:// or start_tls, or set cleartext = allow");
        return false;
    }
    if (!password_read(setup->password_file, &password, &error)) {
        failure_set(failure, PHASE_BIND, REASON_BIND, 0, "%s", error->message);
        return false;
    }
    struct berval credentials = {.bv_val = password.bytes, .bv_len = password.length};
    bool is_bound = bind_as(connection, setup->bind_dn, LDAP_SASL_SIMPLE, &credentials, deadline_ms);
    password_clear(&password);
    return is_bound;
}

static bool login_external(struct connection *connection, int64_t deadline_ms)
{
    struct berval none = {.bv_val = (char[]){""}, .bv_len = 0};

    return bind_as(connection, NULL, "EXTERNAL", &none, deadline_ms);
}

static bool login_gssapi(struct connection *connection, int64_t deadline_ms)
{
    struct kerberos *kerberos =
        sasl_is_installed(connection) ? kerberos_start(connection, deadline_ms) : NULL;

    if (!kerberos)
        return false;
    bool is_bound = sasl_bind(connection, deadline_ms);
    kerberos_end(kerberos);
    return is_bound;
}

bool login(struct connection *connection, int64_t deadline_ms)
{
    parent_tell_phase(connection->parent, PHASE_BIND);
    switch (connection->setup->bind) {
    case WIRE_BIND_SIMPLE:
        return login_simple(connection, deadline_ms);
    case WIRE_BIND_EXTERNAL:
        return login_external(connection, deadline_ms);
    case WIRE_BIND_GSSAPI:
        return login_gssapi(connection, deadline_ms);
    default:
        return true; /* a new connection is anonymous (RFC 4513 4) */
    }
}
