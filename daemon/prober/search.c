#include "prober/search.h"

#include "prober/deadline.h"
#include "prober/result.h"

#define MAX_CONTROLS 4

/* The controls of one request: NULL-terminated pointers into `own`. */
struct controls {
    LDAPControl own[MAX_CONTROLS];
    LDAPControl *list[MAX_CONTROLS + 1];
    size_t n;
};

static void add_control(struct controls *controls, const char *oid, const struct berval *value,
                        bool is_critical)
{
    LDAPControl *control = &controls->own[controls->n];

    control->ldctl_oid = (char *)oid;
    control->ldctl_iscritical = is_critical;
    if (value)
        control->ldctl_value = *value;
    controls->list[controls->n++] = control;
}

/* SEQUENCE { size, cookie } of the paged results control; ber_memfree() its octets. libldap's own helper
 * takes no size of 0, by which pages are given up. */
static bool page_value(const struct search *search, struct berval *ret_value)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    struct berval cookie = {0};

    if (search->cookie)
        cookie.bv_val = (char *)g_bytes_get_data(search->cookie, &cookie.bv_len);
    bool is_good = ber && ber_printf(ber, "{iO}", (ber_int_t)search->page_size, &cookie) >= 0 &&
                   ber_flatten2(ber, ret_value, 1) == 0;
    ber_free(ber, 1);
    return is_good;
}

static bool is_paged(const struct search *search)
{
    return search->page_size > 0 || search->cookie;
}

static int send_to(LDAP *ld, const struct search *search, int64_t timeout_ms, int *ret_msgid)
{
    struct controls controls = {0};
    struct timeval limit = {.tv_sec = (timeout_ms + 999) / 1000};
    struct berval page = {0};

    if (search->wants_referral_objects)
        add_control(&controls, LDAP_CONTROL_MANAGEDSAIT, NULL, false);
    if (search->stays_at_home)
        add_control(&controls, LDAP_CONTROL_X_DOMAIN_SCOPE, NULL, false);
    if (search->wants_deleted)
        add_control(&controls, LDAP_CONTROL_X_SHOW_DELETED, NULL, true);
    if (is_paged(search) && !page_value(search, &page))
        return LDAP_ENCODING_ERROR;
    if (is_paged(search))
        add_control(&controls, LDAP_CONTROL_PAGEDRESULTS, &page, true);
    int code = ldap_search_ext(ld, search->base, search->scope, search->filter, (char **)search->attributes,
                               0, controls.list, NULL, &limit, search->size_limit, ret_msgid);
    ber_memfree(page.bv_val);
    return code;
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
    ret_reply->enough = search->enough;
    ret_reply->sink = search->sink;
    ret_reply->wants_cookie = is_paged(search);
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
