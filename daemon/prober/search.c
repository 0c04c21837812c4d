#include "prober/search.h"

#include "prober/deadline.h"
#include "prober/result.h"

static int send_to(LDAP *ld, const struct search *search, int64_t timeout_ms, int *ret_msgid)
{
    LDAPControl control = {.ldctl_oid = (char *)LDAP_CONTROL_MANAGEDSAIT};
    LDAPControl *controls[] = {&control, NULL};
    struct timeval limit = {.tv_sec = (timeout_ms + 999) / 1000};

    return ldap_search_ext(ld, search->base, search->scope, search->filter, (char **)search->attributes, 0,
                           search->wants_referral_objects ? controls : NULL, NULL, &limit, search->size_limit,
                           ret_msgid);
}

int search_send(struct connection *connection, const struct search *search, int *ret_msgid)
{
    /* On a handle that has lost its connection libldap would make another one, without TLS and bind. */
    int code = connection_is_lost(connection)
                   ? LDAP_SERVER_DOWN
                   : send_to(connection->ld, search, connection->setup->timeout_ms, ret_msgid);

    if (code == LDAP_SERVER_DOWN && connection->failed.failure.reason == REASON_NONE)
        failure_set(&connection->failed.failure, PHASE_SEARCH, REASON_CONNECT, 0,
                    "the server closed the connection");
    return code;
}

void search_give_up(struct connection *connection, int msgid)
{
    if (!connection_is_lost(connection))
        ldap_abandon_ext(connection->ld, msgid, NULL, NULL);
}

/* AWAIT_MESSAGE: the reply is complete or has failed. */
static enum await collect(struct connection *connection, int msgid, int64_t deadline_ms, struct reply *reply)
{
    for (bool is_done = false; !is_done;) {
        LDAPMessage *message = NULL;
        enum await got = connection_await(connection, PHASE_SEARCH, deadline_ms, &message);

        if (got != AWAIT_MESSAGE)
            return got;
        if (ldap_msgid(message) == msgid) /* else a late one of a search that was given up */
            is_done = reply_add(reply, connection->ld, message);
        ldap_msgfree(message);
    }
    if (!reply->is_done)
        search_give_up(connection, msgid);
    return AWAIT_MESSAGE;
}

/* Whether the server answers the simplest of all questions. */
static bool is_alive(struct connection *connection)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    const struct search search = {"", LDAP_SCOPE_BASE, "(objectClass=*)", nothing, 1, false};
    struct reply reply;
    int msgid;

    reply_init(&reply);
    enum await got = search_send(connection, &search, &msgid) == LDAP_SUCCESS
                         ? collect(connection, msgid, deadline_in(connection->setup->timeout_ms), &reply)
                         : AWAIT_LATE;
    reply_clear(&reply);
    if (got == AWAIT_LATE)
        failure_set(&connection->failed.failure, PHASE_SEARCH, REASON_TIMEOUT, 0, "no answer in time");
    return got == AWAIT_MESSAGE;
}

static void announce(const struct connection *connection)
{
    if (connection->question)
        parent_tell_question(connection->parent, *connection->question);
    else
        parent_tell_phase(connection->parent, PHASE_PROFILE);
}

bool search_run(struct connection *connection, const struct search *search, struct reply *ret_reply)
{
    int msgid;

    reply_init(ret_reply);
    announce(connection);
    int code = search_send(connection, search, &msgid);
    if (code != LDAP_SUCCESS) {
        result_fail(&ret_reply->failure, PHASE_SEARCH, code, NULL);
        return code != LDAP_SERVER_DOWN;
    }
    enum await got = collect(connection, msgid, deadline_in(connection->setup->timeout_ms), ret_reply);
    if (got != AWAIT_LATE)
        return got == AWAIT_MESSAGE;
    failure_set(&ret_reply->failure, PHASE_SEARCH, REASON_TIMEOUT, 0, "the search came to no end in time");
    search_give_up(connection, msgid);
    announce(connection);
    return is_alive(connection);
}

char *search_escape(const char *value)
{
    GString *escaped = g_string_new(NULL);

    for (const char *at = value; *at; at++)
        if (g_ascii_isalnum(*at) || *at == '-' || *at == ' ')
            g_string_append_c(escaped, *at);
        else
            g_string_append_printf(escaped, "\\%02x", (unsigned char)*at);
    return g_string_free(escaped, FALSE);
}
