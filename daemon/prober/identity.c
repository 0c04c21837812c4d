#include "prober/identity.h"

#include <string.h>

#include "dn/print.h"
#include "prober/guid.h"
#include "prober/result.h"

/* Two names for one entry cannot be told from one name for two: ask for one more than there may be. */
#define SIZE_LIMIT 2

/* One id question on its way through the naming contexts. */
struct quest {
    struct probe *probe;
    const char *identity;
    const char *id_attribute;
    const char *attributes[PROFILE_MAX_ATTRIBUTES];
    char *filter;
    enum id_answer answer; /* of the latest context */
    bool is_absent_base;   /* ... which does not exist, or is hidden as a whole */
    struct entry *entry;   /* ID_FOUND */
    struct failure *failure;
};

static bool is_refusal(int code)
{
    switch (code) {
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_NO_SUCH_OBJECT: /* of a naming context: it is closed to this account */
    case LDAP_UNDEFINED_TYPE: /* no such attribute to search by */
    case LDAP_INAPPROPRIATE_MATCHING:
    case LDAP_UNWILLING_TO_PERFORM: /* not indexed, and the server insists */
    case LDAP_ADMINLIMIT_EXCEEDED:  /* the same, by a limit on unindexed searches */
        return true;
    default:
        return false;
    }
}

static enum id_answer fail(struct quest *quest, enum reason reason, const char *text)
{
    failure_set(quest->failure, PHASE_SEARCH, reason, 0, "%s", text);
    return ID_FAILED;
}

static enum id_answer read_entry(struct quest *quest, struct reply *reply)
{
    g_autofree char *identity =
        profile_identity(quest->probe->profile, quest->id_attribute, reply_entry(reply));

    /* An identity that may be searched by but not read is the server's word for it. */
    if (identity && g_ascii_strcasecmp(identity, quest->identity) != 0)
        return fail(quest, REASON_PROTOCOL, "the server found another entry than it was asked for");
    quest->entry = reply_take_entry(reply);
    return ID_FOUND;
}

static enum id_answer read_reply(struct quest *quest, struct reply *reply)
{
    quest->is_absent_base = false;
    if (!reply_is_complete(reply)) {
        failure_copy(&reply->failure, quest->failure);
        return ID_FAILED;
    }
    if (reply->n_entries > 1)
        return fail(quest, REASON_PROTOCOL, "two entries bear the same identity");
    if (reply->code == LDAP_SUCCESS && reply_entry(reply))
        return read_entry(quest, reply);
    if (reply->code == LDAP_SUCCESS && reply->n_references > 0)
        return fail(quest, REASON_REFERRAL, "a part of the naming context is on another server");
    if (reply->code == LDAP_SUCCESS)
        return ID_GONE;
    quest->is_absent_base = reply->code == LDAP_NO_SUCH_OBJECT;
    result_fail(quest->failure, PHASE_SEARCH, reply->code, reply->text);
    if (!is_refusal(reply->code))
        return ID_FAILED;
    quest->failure->reason = REASON_ACL;
    return ID_REFUSED;
}

/* false: the connection is lost. */
static bool ask_below(struct quest *quest, const char *base)
{
    struct probe *probe = quest->probe;
    const struct search search = {base,          LDAP_SCOPE_SUBTREE,
                                  quest->filter, quest->attributes,
                                  SIZE_LIMIT,    probe->profile->has_manage_dsa_it};
    struct reply reply;

    bool is_alive = search_run(probe->connection, &search, &reply);
    if (is_alive)
        quest->answer = read_reply(quest, &reply);
    reply_clear(&reply);
    return is_alive;
}

/* All naming contexts but this one; the result counts only if it is FOUND, or if nothing else is known. */
static bool ask_others(struct quest *quest, const struct context *home)
{
    const struct profile *profile = quest->probe->profile;
    enum id_answer at_home = home ? quest->answer : ID_NOT_ASKED, worst = ID_GONE;
    struct failure *failure = quest->failure, other = {0};

    for (unsigned i = 0; i < profile->contexts->len && quest->answer != ID_FOUND; i++) {
        struct context *context = g_ptr_array_index(profile->contexts, i);
        if (context == home || (home && context->is_barred))
            continue;
        quest->failure = &other;
        bool is_alive = ask_below(quest, context->text);
        quest->failure = failure;
        context->is_barred = quest->answer == ID_REFUSED || quest->answer == ID_FAILED;
        if (quest->answer > worst) { /* GONE < REFUSED < FAILED */
            worst = quest->answer;
            if (!home) /* else it does not explain the answer */
                failure_copy(&other, failure);
        }
        failure_clear(&other);
        if (!is_alive)
            return false;
    }
    if (quest->answer != ID_FOUND)
        quest->answer = home ? at_home : worst;
    if (!home && quest->answer == ID_GONE && !profile->knows_all_contexts) {
        failure_set(failure, PHASE_SEARCH, REASON_ACL, 0,
                    "the naming contexts of the server are not all known");
        quest->answer = ID_REFUSED;
    }
    return true;
}

/* The root DSE names no naming context: the topmost ancestor of `near` that may be searched stands for it. */
static bool ask_from_the_top(struct quest *quest, const struct dn *near)
{
    quest->answer = ID_REFUSED;
    failure_set(quest->failure, PHASE_SEARCH, REASON_ACL, 0, "the root DSE shows no naming context");
    for (unsigned n = 1; near && n <= near->n_rdns; n++) {
        const struct dn top = {near->rdns + near->n_rdns - n, n};
        g_autofree char *base = dn_print(&top);
        if (!ask_below(quest, base))
            return false;
        if (!quest->is_absent_base)
            break;
    }
    return true;
}

static bool ask_contexts(struct quest *quest, const struct dn *near)
{
    const struct profile *profile = quest->probe->profile;
    const struct context *home = profile_context_of(profile, near);

    if (profile->contexts->len == 0)
        return ask_from_the_top(quest, near);
    if (home && !ask_below(quest, home->text))
        return false;
    return (home && quest->answer == ID_FOUND) || ask_others(quest, home);
}

/* What Active Directory, which finds an entry by its GUID in every naming context that it holds, means. */
static enum id_answer read_guid_reply(struct quest *quest, struct reply *reply)
{
    if (reply_is_complete(reply) && reply->code == LDAP_NO_SUCH_OBJECT)
        return ID_GONE;
    enum id_answer answer = read_reply(quest, reply);
    if (answer != ID_GONE)
        return answer;
    failure_set(quest->failure, PHASE_SEARCH, REASON_ACL, 0, "the server shows nothing under the GUID");
    return ID_REFUSED;
}

static bool ask_by_guid(struct quest *quest, const uint8_t octets[GUID_SIZE])
{
    g_autofree char *guid = guid_print(octets, GUID_SIZE), *base = g_strdup_printf("<GUID=%s>", guid);
    const struct search search = {base, LDAP_SCOPE_BASE, "(objectClass=*)", quest->attributes, 0, false};
    struct reply reply;

    bool is_alive = search_run(quest->probe->connection, &search, &reply);
    if (is_alive)
        quest->answer = read_guid_reply(quest, &reply);
    reply_clear(&reply);
    return is_alive;
}

static bool ask(struct quest *quest, const struct dn *near, const char *value)
{
    const struct kind *kind = quest->probe->profile->kind;
    uint8_t octets[GUID_SIZE];

    if (kind->id_form == ID_FORM_GUID && guid_parse(value, octets))
        return ask_by_guid(quest, octets);
    if (kind->id_form == ID_FORM_GUID) {
        quest->answer = ID_REFUSED;
        failure_set(quest->failure, PHASE_SEARCH, REASON_ACL, 0, "%s is no GUID", value);
        return true;
    }
    g_autofree char *escaped = search_escape(value);
    quest->filter = kind->any_entry
                        ? g_strdup_printf("(&(%s=%s)%s)", quest->id_attribute, escaped, kind->any_entry)
                        : g_strdup_printf("(%s=%s)", quest->id_attribute, escaped);
    bool is_alive = ask_contexts(quest, near);
    g_free(quest->filter);
    return is_alive;
}

bool identity_find(struct probe *probe, const struct dn *near, const char *identity, unsigned wishes,
                   enum id_answer *ret_answer, struct entry **ret_entry, struct failure *failure)
{
    const struct profile *profile = probe->profile;
    struct quest quest = {.probe = probe, .identity = identity, .failure = failure};
    const char *value = profile_id_value(profile, identity);

    if (!value) {
        failure_set(failure, PHASE_SEARCH, REASON_ACL, 0,
                    "this server knows entries by %s, the pinned one is %s", profile->kind->ids[0], identity);
        *ret_answer = ID_REFUSED;
        return true;
    }
    quest.id_attribute = profile_id_attribute(profile, identity);
    profile_attributes(profile, quest.id_attribute, wishes, quest.attributes);
    bool is_alive = ask(&quest, near, value);
    *ret_answer = quest.answer;
    *ret_entry = quest.entry;
    return is_alive;
}

/* Many entries hang below the same ancestors: each is asked for once in a batch. */
static bool find_once(struct probe *probe, const struct dn *near, const char *identity,
                      enum id_answer *ret_answer, struct failure *failure)
{
    struct entry *entry = NULL;
    gpointer known;

    if (g_hash_table_lookup_extended(probe->ancestors, identity, NULL, &known)) {
        *ret_answer = GPOINTER_TO_INT(known);
        return true;
    }
    bool is_alive = identity_find(probe, near, identity, 0, ret_answer, &entry, failure);
    entry_free(entry);
    if (!is_alive)
        return false;
    if (*ret_answer != ID_FAILED)
        g_hash_table_insert(probe->ancestors, g_strdup(identity), GINT_TO_POINTER(*ret_answer));
    return true;
}

bool identity_find_ancestor(struct probe *probe, const struct dn *near, GPtrArray *ancestors,
                            enum ancestor_answer *ret_answer, struct failure *failure)
{
    *ret_answer = ancestors && ancestors->len > 0 ? ANCESTOR_GONE : ANCESTOR_NOT_ASKED;
    for (unsigned i = 0; ancestors && i < ancestors->len; i++) {
        enum id_answer answer;

        if (!find_once(probe, near, g_ptr_array_index(ancestors, i), &answer, failure))
            return false;
        if (answer == ID_FOUND || answer == ID_FAILED) {
            *ret_answer = answer == ID_FOUND ? ANCESTOR_FOUND : ANCESTOR_FAILED;
            break;
        }
    }
    return true;
}
