#include "prober/identity.h"

#include "prober/guid.h"
#include "prober/result.h"
#include "prober/sweep.h"

/* Two names for one entry cannot be told from one name for two: ask for one more than there may be. */
#define SIZE_LIMIT 2

/* One id question on its way. */
struct quest {
    struct sweep sweep; /* first */
    const char *identity;
    const char *id_attribute;
    const char *attributes[PROFILE_MAX_ATTRIBUTES];
    struct entry *entry; /* ID_FOUND */
};

static enum id_answer take_entry(struct sweep *sweep, struct reply *reply)
{
    struct quest *quest = (struct quest *)sweep;

    if (reply->n_entries > 1)
        return sweep_fail(sweep, REASON_PROTOCOL, "two entries bear the same identity");
    g_autofree char *identity =
        profile_identity(sweep->probe->profile, quest->id_attribute, reply_entry(reply));
    /* An identity that may be searched by but not read is the server's word for it. */
    if (identity && g_ascii_strcasecmp(identity, quest->identity) != 0)
        return sweep_fail(sweep, REASON_PROTOCOL, "the server found another entry than it was asked for");
    quest->entry = reply_take_entry(reply);
    return ID_FOUND;
}

/* What Active Directory, which finds an entry by its GUID in every naming context that it holds, means. */
static enum id_answer read_guid_reply(struct sweep *sweep, struct reply *reply)
{
    if (reply_is_complete(reply) && reply->code == LDAP_NO_SUCH_OBJECT &&
        !profile_is_hidden(sweep->probe->profile, reply))
        return ID_GONE;
    enum id_answer answer = sweep_read(sweep, reply);
    if (answer != ID_GONE)
        return answer;
    failure_set(sweep->failure, PHASE_SEARCH, REASON_ACL, 0, "the server shows nothing under the GUID");
    return ID_REFUSED;
}

static bool ask_by_guid(struct sweep *sweep, const uint8_t octets[GUID_SIZE])
{
    g_autofree char *guid = guid_print(octets, GUID_SIZE), *base = g_strdup_printf("<GUID=%s>", guid);
    const struct search search = {base, LDAP_SCOPE_BASE, "(objectClass=*)", sweep->search.attributes, 0,
                                  false};
    struct reply reply;

    bool is_alive = search_run(sweep->probe->connection, &search, &reply);
    if (is_alive)
        sweep->answer = read_guid_reply(sweep, &reply);
    reply_clear(&reply);
    return is_alive;
}

static bool ask(struct quest *quest, const struct dn *near, const char *value)
{
    struct sweep *sweep = &quest->sweep;
    const struct kind *kind = sweep->probe->profile->kind;
    uint8_t octets[GUID_SIZE];

    if (kind->id_form == ID_FORM_GUID && guid_parse(value, octets))
        return ask_by_guid(sweep, octets);
    if (kind->id_form == ID_FORM_GUID) {
        sweep->answer = ID_REFUSED;
        failure_set(sweep->failure, PHASE_SEARCH, REASON_ACL, 0, "%s is no GUID", value);
        return true;
    }
    g_autofree char *escaped = search_escape(value);
    g_autofree char *filter =
        kind->any_entry ? g_strdup_printf("(&(%s=%s)%s)", quest->id_attribute, escaped, kind->any_entry)
                        : g_strdup_printf("(%s=%s)", quest->id_attribute, escaped);
    sweep->search.filter = filter;
    return sweep_run(sweep, near);
}

bool identity_find(struct probe *probe, const struct dn *near, const char *identity, unsigned wishes,
                   enum id_answer *ret_answer, struct entry **ret_entry, struct failure *failure)
{
    const struct profile *profile = probe->profile;
    struct quest quest = {.sweep = {.probe = probe, .failure = failure, .take = take_entry},
                          .identity = identity};
    const char *value = profile_id_value(profile, identity);

    if (!value) {
        failure_set(failure, PHASE_SEARCH, REASON_ACL, 0,
                    "this server knows entries by %s, the pinned one is %s", profile->kind->ids[0], identity);
        *ret_answer = ID_REFUSED;
        return true;
    }
    quest.id_attribute = profile_id_attribute(profile, identity);
    profile_attributes(profile, quest.id_attribute, wishes, quest.attributes);
    quest.sweep.search.attributes = quest.attributes;
    quest.sweep.search.size_limit = SIZE_LIMIT;
    quest.sweep.search.wants_referral_objects = profile->has_manage_dsa_it;
    bool is_alive = ask(&quest, near, value);
    *ret_answer = quest.sweep.answer;
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
