#include "prober/lookup.h"

#include "dn/equal.h"
#include "dn/parse.h"
#include "prober/result.h"

unsigned lookup_wishes(const struct question *question)
{
    unsigned wishes = 0;

    if (question->object_class)
        wishes |= WISH_CLASSES;
    if (question->entry_filter)
        wishes |= WISH_CHILDREN;
    if (question->want_details)
        wishes |= WISH_STAMP | WISH_CHILDREN;
    return wishes;
}

void lookup_attributes(const struct probe *probe, const struct question *question,
                       const char *ret_attributes[LOOKUP_MAX_ATTRIBUTES])
{
    unsigned n_wanted = 0;

    if (question->read)
        ret_attributes[n_wanted++] = question->read;
    profile_attributes(probe->profile, profile_id_attribute(probe->profile, question->identity),
                       lookup_wishes(question), ret_attributes + n_wanted);
}

static struct search describe(const struct probe *probe, const struct question *question,
                              const char *attributes[LOOKUP_MAX_ATTRIBUTES])
{
    lookup_attributes(probe, question, attributes);
    return (struct search){question->dn, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 0, false};
}

int lookup_send(struct probe *probe, const struct question *question, int *ret_msgid)
{
    const char *attributes[LOOKUP_MAX_ATTRIBUTES];
    const struct search search = describe(probe, question, attributes);

    return search_send(probe->connection, &search, ret_msgid);
}

bool lookup_run(struct probe *probe, const struct question *question, struct reply *ret_reply)
{
    const char *attributes[LOOKUP_MAX_ATTRIBUTES];
    const struct search search = describe(probe, question, attributes);

    return search_run(probe->connection, &search, ret_reply);
}

static enum dn_answer fail(struct observation *observation, enum reason reason, const char *text)
{
    failure_set(&observation->failure, PHASE_SEARCH, reason, 0, "%s", text);
    return DN_FAILED;
}

/* The server is the judge of which entry a DN means: the one it sends is the one. */
static enum dn_answer read_success(const struct probe *probe, const struct question *question,
                                   const struct reply *reply, struct observation *observation)
{
    const char *id_attribute = profile_id_attribute(probe->profile, question->identity);
    const struct entry *entry = reply_entry(reply);

    if (reply->n_entries > 1)
        return fail(observation, REASON_PROTOCOL, "the server sent more than one entry for one DN");
    if (reply->n_references > 0)
        return fail(observation, REASON_REFERRAL, "the server refers to another one");
    if (!entry)
        return DN_EMPTY;
    observation->found_dn = g_strdup(entry->dn);
    observation->found_identity = profile_identity(probe->profile, id_attribute, entry);
    return observation->found_identity ? DN_ENTRY : DN_ENTRY_BARE;
}

/* matchedDN is the last entry on the way that exists (RFC 4511 4.1.9), if this account may know of it. */
static enum dn_answer read_absence(const struct probe *probe, const struct dn *dn, const struct reply *reply,
                                   struct observation *observation)
{
    const struct profile *profile = probe->profile;

    if (*reply->matched_dn) {
        g_autoptr(dn_t) matched = dn_parse(reply->matched_dn, NULL, NULL);
        if (dn && (!matched || matched->n_rdns >= dn->n_rdns || !dn_is_below(dn, matched)))
            return fail(observation, REASON_PROTOCOL, "the matchedDN of the server is no ancestor of the DN");
        observation->matched_dn = g_strdup(reply->matched_dn);
        return DN_ABSENT;
    }
    if (dn && profile->contexts->len > 0 && profile->knows_all_contexts && !profile_context_of(profile, dn))
        return DN_OUTSIDE;
    result_fail(&observation->failure, PHASE_SEARCH, reply->code, reply->text);
    observation->failure.reason = REASON_ACL;
    return DN_UNMATCHED;
}

static enum dn_answer read_no_such_object(const struct probe *probe, const struct dn *dn,
                                          const struct reply *reply, struct observation *observation)
{
    if (!profile_is_hidden(probe->profile, reply))
        return read_absence(probe, dn, reply, observation);
    result_fail(&observation->failure, PHASE_SEARCH, reply->code, reply->text);
    observation->failure.reason = REASON_ACL;
    return DN_REFUSED;
}

void lookup_read(const struct probe *probe, const struct question *question, const struct dn *dn,
                 const struct reply *reply, struct observation *observation)
{
    if (!reply_is_complete(reply)) {
        failure_copy(&reply->failure, &observation->failure);
        observation->dn_answer = DN_FAILED;
        return;
    }
    switch (reply->code) {
    case LDAP_SUCCESS:
        observation->dn_answer = read_success(probe, question, reply, observation);
        return;
    case LDAP_NO_SUCH_OBJECT:
        observation->dn_answer = read_no_such_object(probe, dn, reply, observation);
        return;
    case LDAP_INSUFFICIENT_ACCESS:
        observation->dn_answer = DN_REFUSED;
        break;
    case LDAP_INVALID_DN_SYNTAX:
        observation->dn_answer = DN_SYNTAX;
        break;
    default:
        observation->dn_answer = DN_FAILED;
        observation->is_directory_wide = result_reason(reply->code) == REASON_BUSY;
        break;
    }
    result_fail(&observation->failure, PHASE_SEARCH, reply->code, reply->text);
}
