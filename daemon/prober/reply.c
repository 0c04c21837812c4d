#include "prober/reply.h"

#include "prober/result.h"

void reply_init(struct reply *reply)
{
    *reply = (struct reply){0};
    reply->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
}

void reply_clear(struct reply *reply)
{
    failure_clear(&reply->failure);
    g_free(reply->matched_dn);
    g_free(reply->text);
    g_clear_pointer(&reply->entries, g_ptr_array_unref);
    g_clear_pointer(&reply->next_cookie, g_bytes_unref);
    *reply = (struct reply){0};
}

static void fail_protocol(struct reply *reply, const char *what)
{
    failure_set(&reply->failure, PHASE_SEARCH, REASON_PROTOCOL, 0, "%s", what);
}

static void add_entry(struct reply *reply, LDAP *ld, LDAPMessage *message)
{
    reply->n_entries++;
    if (reply->entries->len >= REPLY_MAX_ENTRIES)
        return;
    struct entry *entry = entry_new(ld, message);
    if (!entry) {
        fail_protocol(reply, "the server sent a malformed entry");
    } else if (reply->sink) {
        reply->sink->take(reply->sink->user, entry);
        entry_free(entry);
    } else {
        g_ptr_array_add(reply->entries, entry);
    }
}

/* No cookie, and an empty one, mean that this was the last page; a control without a value is malformed. */
static void take_cookie(struct reply *reply, LDAP *ld, LDAPControl **controls)
{
    LDAPControl *control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    struct berval cookie = {0};
    ber_int_t estimate;

    if (!control)
        return;
    if (control->ldctl_value.bv_len == 0 ||
        ldap_parse_pageresponse_control(ld, control, &estimate, &cookie) != LDAP_SUCCESS)
        fail_protocol(reply, "the server sent a malformed control");
    else if (cookie.bv_len > 0)
        reply->next_cookie = g_bytes_new(cookie.bv_val, cookie.bv_len);
    ber_memfree(cookie.bv_val);
}

static void add_result(struct reply *reply, LDAP *ld, LDAPMessage *message)
{
    char *matched = NULL, *text = NULL;
    LDAPControl **controls = NULL;

    if (ldap_parse_result(ld, message, &reply->code, &matched, &text, NULL,
                          reply->wants_cookie ? &controls : NULL, 0) != LDAP_SUCCESS)
        fail_protocol(reply, "the server sent a malformed result");
    take_cookie(reply, ld, controls);
    ldap_controls_free(controls);
    reply->matched_dn = g_strdup(matched ? matched : "");
    reply->text = g_strdup(text);
    ldap_memfree(matched);
    ldap_memfree(text);
    reply->is_done = true;
}

bool reply_add(struct reply *reply, LDAP *ld, LDAPMessage *message)
{
    if (++reply->n_messages > REPLY_MAX_MESSAGES + reply->enough) {
        failure_set(&reply->failure, PHASE_SEARCH, REASON_LIMIT, 0,
                    "the server sent more than %u messages for one search",
                    REPLY_MAX_MESSAGES + reply->enough);
        return true;
    }
    switch (ldap_msgtype(message)) {
    case LDAP_RES_SEARCH_ENTRY:
        add_entry(reply, ld, message);
        reply->is_cut = reply->n_entries == reply->enough;
        return reply->is_cut;
    case LDAP_RES_SEARCH_REFERENCE:
        reply->n_references++;
        return false;
    case LDAP_RES_SEARCH_RESULT:
        add_result(reply, ld, message);
        return true;
    case LDAP_RES_INTERMEDIATE:
        return false;
    default:
        fail_protocol(reply, "the server answered a search with something else");
        return true;
    }
}

bool reply_has_ended(const struct reply *reply)
{
    return reply->is_done || reply->is_cut || reply->failure.reason != REASON_NONE;
}

bool reply_is_complete(const struct reply *reply)
{
    return reply->is_done && reply->failure.reason == REASON_NONE;
}

const struct entry *reply_entry(const struct reply *reply)
{
    return reply->entries->len > 0 ? g_ptr_array_index(reply->entries, 0) : NULL;
}

struct entry *reply_take_entry(struct reply *reply)
{
    return reply->entries->len > 0 ? g_ptr_array_steal_index(reply->entries, 0) : NULL;
}
