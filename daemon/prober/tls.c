#include "prober/tls.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "prober/certificate.h"
#include "prober/result.h"
#include "prober/tls_trace.h"

static bool set_number(LDAP *ld, int option, int number)
{
    return ldap_set_option(ld, option, &number) == LDAP_OPT_SUCCESS;
}

static bool set_file(LDAP *ld, int option, const char *file)
{
    return !file || ldap_set_option(ld, option, file) == LDAP_OPT_SUCCESS;
}

/* TLS 1.2 at least. libldap 2.5 takes LDAP_OPT_X_TLS_PROTOCOL_MIN and heeds it not when it is built on
 * GnuTLS, as Debian's is; there the priority string says the same. */
static bool demand_version(LDAP *ld)
{
    char *package = NULL;

    ldap_get_option(ld, LDAP_OPT_X_TLS_PACKAGE, &package);
    bool is_gnutls = package && strcmp(package, "GnuTLS") == 0;
    ldap_memfree(package);
    return set_number(ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, LDAP_OPT_X_TLS_PROTOCOL_TLS1_2) &&
           (!is_gnutls || ldap_set_option(ld, LDAP_OPT_X_TLS_CIPHER_SUITE,
                                          "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2") == LDAP_OPT_SUCCESS);
}

/* A file that cannot be read would come back as a riddle. */
static bool can_read(struct connection *connection, const char *file)
{
    if (!file || access(file, R_OK) == 0)
        return true;
    failure_set(&connection->failed.failure, PHASE_TLS, REASON_TLS, 0, "%s cannot be read", file);
    return false;
}

static bool configure(struct connection *connection)
{
    const struct wire_setup *setup = connection->setup;
    LDAP *ld = connection->ld;

    if (!can_read(connection, setup->tls_ca_file) || !can_read(connection, setup->tls_cert_file) ||
        !can_read(connection, setup->tls_key_file))
        return false;
    if (set_number(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_DEMAND) &&
        set_number(ld, LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_DEMAND) && demand_version(ld) &&
        set_file(ld, LDAP_OPT_X_TLS_CACERTFILE, setup->tls_ca_file) &&
        set_file(ld, LDAP_OPT_X_TLS_CERTFILE, setup->tls_cert_file) &&
        set_file(ld, LDAP_OPT_X_TLS_KEYFILE, setup->tls_key_file) &&
        set_number(ld, LDAP_OPT_X_TLS_NEWCTX, 0)) /* last: it takes over all the others */
        return true;
    failure_set(&connection->failed.failure, PHASE_TLS, REASON_TLS, 0,
                "the CA file, certificate or key cannot be used");
    return false;
}

/* ldap_start_tls_s() would wait without a deadline and take the answer apart; all we want is its result code.
 */
static bool request(struct connection *connection, int64_t deadline_ms)
{
    struct failure *failure = &connection->failed.failure;
    LDAPMessage *message = NULL;
    char *text = NULL;
    int msgid, code;

    code = ldap_start_tls(connection->ld, NULL, NULL, &msgid);
    if (code == LDAP_SUCCESS) {
        if (!connection_await_answer(connection, PHASE_TLS, msgid, LDAP_RES_EXTENDED, deadline_ms, &message))
            return false;
        int problem = ldap_parse_result(connection->ld, message, &code, NULL, &text, NULL, NULL, 1);
        code = problem == LDAP_SUCCESS ? code : problem;
    }
    if (code != LDAP_SUCCESS) {
        g_autofree char *why = result_text(code, text);
        failure_set(failure, PHASE_TLS, REASON_TLS, code, "the server refuses StartTLS: %s", why);
    }
    ldap_memfree(text);
    return code == LDAP_SUCCESS;
}

/* What GnuTLS found wrong with the certificate, as the debug log of libldap has it:
 * gnutls_certificate_status_t. Built with another TLS library it says so in the diagnostic message. */
static const struct {
    unsigned bit;
    const char *sentence;
} flaws[] = {
    {1 << 10, "the server's certificate has expired"},
    {1 << 9, "the server's certificate is not valid yet"},
    {1 << 5, "the server's certificate is revoked"},
    {1 << 8, "the server's certificate is signed by an insecure algorithm"},
    {1 << 6,
     "the server's certificate was issued by an authority that is not trusted here: check tls_ca_file"},
    {1 << 7, "the server's certificate was issued by one that is no authority"},
    {~0U, "the server's certificate cannot be verified"},
};

static const char *flaw_in(const char *trace)
{
    const char *status = strstr(trace, "untrusted or revoked (0x");
    unsigned bits = status ? (unsigned)strtoul(strchr(status, 'x') + 1, NULL, 16) : 0;

    for (size_t i = 0; bits && i < G_N_ELEMENTS(flaws); i++)
        if (bits & flaws[i].bit)
            return flaws[i].sentence;
    return NULL;
}

/* For `localhost` libldap expects the name of this machine. */
static bool explain_name(struct failure *failure, const char *trace, const char *host)
{
    const char *start = strstr(trace, "hostname ("), *end = start ? strchr(start, ')') : NULL;

    if (!end || !strstr(end, "does not match"))
        return false;
    g_autofree char *name =
        g_strndup(start + strlen("hostname ("), (gsize)(end - start) - strlen("hostname ("));
    bool is_other = host && g_ascii_strcasecmp(host, name) != 0;
    failure_set(failure, PHASE_TLS, REASON_TLS, 0, "the server's certificate does not name %s%s%s", name,
                is_other ? ", which is what is expected of " : "", is_other ? host : "");
    return true;
}

static void explain(struct connection *connection, int code, const char *trace)
{
    struct failure *failure = &connection->failed.failure;
    const char *flaw = flaw_in(trace);
    char *said = NULL;

    if (flaw) {
        failure_set(failure, PHASE_TLS, REASON_TLS, 0, "%s", flaw);
        return;
    }
    if (explain_name(failure, trace, connection->host))
        return;
    ldap_get_option(connection->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &said);
    failure_set(failure, PHASE_TLS, REASON_TLS, 0, "the TLS handshake failed: %s",
                said && *said ? said : ldap_err2string(code));
    ldap_memfree(said);
}

/* The server is the holder of its certificate: the handshake has proven that. */
static void read_certificate(struct connection *connection)
{
    struct berval der = {0};

    if (ldap_get_option(connection->ld, LDAP_OPT_X_TLS_PEERCERT, &der) == LDAP_OPT_SUCCESS && der.bv_val)
        connection->wall_certificate_expires_s = certificate_expires_s(der.bv_val, der.bv_len);
    ldap_memfree(der.bv_val);
}

static bool shake_hands(struct connection *connection)
{
    tls_trace_begin();
    int code = ldap_install_tls(connection->ld);
    g_autofree char *trace = tls_trace_end();

    if (code != LDAP_SUCCESS || !ldap_tls_inplace(connection->ld)) {
        explain(connection, code, trace);
        return false;
    }
    connection->is_shielded = true;
    read_certificate(connection);
    return true;
}

bool tls_start(struct connection *connection, bool is_at_once, int64_t deadline_ms)
{
    parent_tell_phase(connection->parent, PHASE_TLS);
    return configure(connection) && (is_at_once || request(connection, deadline_ms)) &&
           shake_hands(connection);
}
