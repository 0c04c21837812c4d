#include "prober/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openldap.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "prober/deadline.h"
#include "prober/dial.h"
#include "prober/login.h"
#include "prober/result.h"
#include "prober/tls.h"

static bool set_options(LDAP *ld)
{
    int version = LDAP_VERSION3, deref = LDAP_DEREF_NEVER;
    ber_len_t most = CONNECTION_MAX_ANSWER;
    Sockbuf *buffer = NULL;

    return ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_DEREF, &deref) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
           ldap_get_option(ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer &&
           ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &most) == 1;
}

/* A handle over the socket. The host in its URI is what TLS verifies. */
static bool take_socket(struct connection *connection, int fd, const LDAPURLDesc *url)
{
    int protocol = strcmp(url->lud_scheme, "ldapi") == 0 ? LDAP_PROTO_IPC : LDAP_PROTO_TCP;

    int code = ldap_init_fd(fd, protocol, connection->setup->uri, &connection->ld);
    if (code != LDAP_SUCCESS) {
        connection->ld = NULL;
        close(fd);
        result_fail(&connection->failed.failure, PHASE_CONNECT, code, NULL);
        return false;
    }
    connection->fd = fd;
    connection->is_shielded = protocol == LDAP_PROTO_IPC;
    if (protocol == LDAP_PROTO_TCP)
        connection->host = g_strdup(url->lud_host);
    if (set_options(connection->ld))
        return true;
    failure_set(&connection->failed.failure, PHASE_CONNECT, REASON_CONNECT, 0, "libldap refuses its options");
    return false;
}

static bool come_in(struct connection *connection, const LDAPURLDesc *url, int64_t deadline_ms)
{
    const struct wire_setup *setup = connection->setup;
    bool is_ldaps = strcmp(url->lud_scheme, "ldaps") == 0;

    int fd = dial(url, setup->timeout_ms, deadline_ms, connection->parent, &connection->failed.failure);
    if (fd < 0 || !take_socket(connection, fd, url))
        return false;
    if ((is_ldaps || setup->start_tls) && !tls_start(connection, is_ldaps, deadline_ms))
        return false;
    /* From here on half a TLS record must not block ldap_result(); the handshake itself needs a blocking one.
     */
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return login(connection, deadline_ms);
}

static LDAPURLDesc *parse_uri(const char *uri)
{
    LDAPURLDesc *url = NULL;

    return ldap_url_parse(uri, &url) == LDAP_URL_SUCCESS ? url : NULL;
}

struct connection *connection_open(const struct wire_setup *setup, struct parent *parent,
                                   struct wire_failed *ret_failed)
{
    struct connection *connection = g_new0(struct connection, 1);
    LDAPURLDesc *url = parse_uri(setup->uri);

    connection->setup = setup;
    connection->parent = parent;
    bool is_in = url && come_in(connection, url, deadline_in(setup->timeout_ms));
    if (!url)
        failure_set(&connection->failed.failure, PHASE_START, REASON_CONNECT, 0, "%s is no LDAP URI",
                    setup->uri);
    ldap_free_urldesc(url);
    if (is_in)
        return connection;
    *ret_failed = connection->failed;
    connection->failed = (struct wire_failed){0};
    connection_close(connection);
    return NULL;
}

void connection_close(struct connection *connection)
{
    if (!connection)
        return;
    if (connection->ld)
        ldap_unbind_ext(connection->ld, NULL, NULL);
    g_free(connection->host);
    failure_clear(&connection->failed.failure);
    g_free(connection);
}

/* The handle is of no use any more: libldap could not read a message. */
static void lose(struct connection *connection, enum phase phase, int problem)
{
    struct failure *failure = &connection->failed.failure;
    int code = LDAP_SERVER_DOWN;

    ldap_get_option(connection->ld, LDAP_OPT_RESULT_CODE, &code);
    if (problem == ERANGE)
        failure_set(failure, phase, REASON_LIMIT, 0, "the server sent an answer of more than 1 MiB");
    else if (code != LDAP_SERVER_DOWN)
        result_fail(failure, phase, code, "the answer of the server is malformed");
    else if (problem > 0)
        failure_set(failure, phase, REASON_CONNECT, problem, "the connection broke: %s", g_strerror(problem));
    else
        failure_set(failure, phase, REASON_CONNECT, 0, "the server closed the connection");
}

/* Message id 0: the server speaks without being asked (RFC 4511 4.4), as a rule to say good-bye. */
static void note_notice(struct connection *connection, enum phase phase, LDAPMessage *message)
{
    char *text = NULL;
    int code = LDAP_UNAVAILABLE;

    ldap_parse_result(connection->ld, message, &code, NULL, &text, NULL, NULL, 0);
    failure_set(
        &connection->failed.failure, phase, code == LDAP_SUCCESS ? REASON_SERVER : result_reason(code), code,
        "the server ended the connection: %s%s%s", ldap_err2string(code), text ? ", " : "", text ? text : "");
    ldap_memfree(text);
}

static enum await take_message(struct connection *connection, enum phase phase, LDAPMessage **ret_message)
{
    struct timeval at_once = {0};
    LDAPMessage *message = NULL;

    errno = 0;
    int type = ldap_result(connection->ld, LDAP_RES_ANY, LDAP_MSG_ONE, &at_once, &message);
    if (type == 0)
        return AWAIT_LATE;
    if (type < 0 || !message) {
        lose(connection, phase, errno);
        return AWAIT_LOST;
    }
    if (ldap_msgid(message) == 0) {
        note_notice(connection, phase, message);
        ldap_msgfree(message);
        return AWAIT_LOST;
    }
    *ret_message = message;
    return AWAIT_MESSAGE;
}

enum await connection_await(struct connection *connection, enum phase phase, int64_t deadline_ms,
                            LDAPMessage **ret_message)
{
    struct pollfd wait = {.fd = connection->fd, .events = POLLIN};
    int n = 1;

    /* TLS may hold decrypted messages while the socket is quiet: ask first, poll then. */
    for (;;) {
        enum await got = take_message(connection, phase, ret_message);
        if (got != AWAIT_LATE || n == 0 || deadline_left_ms(deadline_ms) == 0)
            return got;
        parent_flush(connection->parent);
        n = poll(&wait, 1, (int)deadline_left_ms(deadline_ms));
    }
}

bool connection_await_answer(struct connection *connection, enum phase phase, int msgid, int type,
                             int64_t deadline_ms, LDAPMessage **ret_message)
{
    LDAPMessage *message = NULL;

    switch (connection_await(connection, phase, deadline_ms, &message)) {
    case AWAIT_LOST:
        return false;
    case AWAIT_LATE:
        failure_set(&connection->failed.failure, phase, REASON_TIMEOUT, 0, "no answer in time");
        return false;
    default:
        break;
    }
    if (ldap_msgid(message) != msgid || ldap_msgtype(message) != type) {
        failure_set(&connection->failed.failure, phase, REASON_PROTOCOL, 0,
                    "the server answered something else than it was asked");
        ldap_msgfree(message);
        return false;
    }
    *ret_message = message;
    return true;
}

int connection_left_ms(const struct connection *connection)
{
    return connection->ends_ms ? (int)MIN(deadline_left_ms(connection->ends_ms), INT_MAX) : -1;
}

bool connection_is_lost(const struct connection *connection)
{
    int fd = -1;

    return connection->failed.failure.reason != REASON_NONE ||
           ldap_get_option(connection->ld, LDAP_OPT_DESC, &fd) != LDAP_OPT_SUCCESS || fd != connection->fd;
}

bool connection_is_ended(struct connection *connection)
{
    LDAPMessage *message = NULL;

    switch (take_message(connection, PHASE_SEARCH, &message)) {
    case AWAIT_LATE:
        return false;
    case AWAIT_MESSAGE: /* a late answer to a search that was given up */
        ldap_msgfree(message);
        return false;
    default:
        return true;
    }
}
