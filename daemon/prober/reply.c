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
    if (entry)
        g_ptr_array_add(reply->entries, entry);
    else
        fail_protocol(reply, "the server sent a malformed entry");
}

static void add_result(struct reply *reply, LDAP *ld, LDAPMessage *message)
{
    char *matched = NULL, *text = NULL;

    if (ldap_parse_result(ld, message, &reply->code, &matched, &text, NULL, NULL, 0) != LDAP_SUCCESS)
        fail_protocol(reply, "the server sent a malformed result");
    reply->matched_dn = g_strdup(matched ? matched : "");
    reply->text = g_strdup(text);
    ldap_memfree(matched);
    ldap_memfree(text);
    reply->is_done = true;
}

bool reply_add(struct reply *reply, LDAP *ld, LDAPMessage *message)
{
    if (++reply->n_messages > REPLY_MAX_MESSAGES) {
        failure_set(&reply->failure, PHASE_SEARCH, REASON_LIMIT, 0,
                    "the server sent more than %d messages for one search", REPLY_MAX_MESSAGES);
        return true;
    }
    switch (ldap_msgtype(message)) {
    case LDAP_RES_SEARCH_ENTRY:
        add_entry(reply, ld, message);
        return false;
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
    return reply->is_done || reply->failure.reason != REASON_NONE;
}

bool reply_is_complete(const struct reply *reply)
{
    return reply->is_done && reply->failure.reason == REASON_NONE;
}

const struct entry *reply_entry(const struct reply *reply)
{
    return reply->entries->len > 0 ? g_ptr_array_index(reply->entries, 0) : NULL;
}
