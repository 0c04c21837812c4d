#include "prober/bearer.h"

#include <string.h>

#include "dn/fold.h"
#include "prober/attribute.h"
#include "prober/lookup.h"
#include "prober/result.h"
#include "prober/sweep.h"

#define SIZE_LIMIT 2 /* one more than there may be */

/* A search for the one entry that a filter means. */
struct hunt {
    struct sweep sweep; /* first */
    const struct question *question;
    const char *attributes[PROFILE_MAX_ATTRIBUTES + 1]; /* the compared one first */
    bool is_home_known; /* the naming context of the pinned entry: whoever is found there decides */
    struct entry *entry;
    char *other; /* DN of a second one; NULL: there is none */
};

/* The compared one first; the rest is what comes beside it. */
static void list_attributes(const struct probe *probe, const struct question *question,
                            const char *ret_attributes[PROFILE_MAX_ATTRIBUTES + 1])
{
    ret_attributes[0] = question->attribute;
    profile_attributes(probe->profile, profile_id_attribute(probe->profile, question->identity),
                       lookup_wishes(question), ret_attributes + 1);
}

/* A naming context may lie within another one, and show the same entry twice. */
static enum id_answer take_entries(struct sweep *sweep, struct reply *reply)
{
    struct hunt *hunt = (struct hunt *)sweep;
    struct entry *entry;

    while ((entry = reply_take_entry(reply))) {
        if (!hunt->entry) {
            hunt->entry = entry;
            continue;
        }
        if (!hunt->other && strcmp(entry->dn, hunt->entry->dn) != 0)
            hunt->other = g_strdup(entry->dn);
        entry_free(entry);
    }
    return hunt->is_home_known ? ID_FOUND : ID_GONE;
}

/* false: the connection is lost. */
static bool hunt_run(struct hunt *hunt, struct probe *probe, const struct question *question,
                     const char *filter, const struct dn *near, struct failure *failure)
{
    const struct profile *profile = probe->profile;
    struct sweep *sweep = &hunt->sweep;

    list_attributes(probe, question, hunt->attributes);
    hunt->is_home_known = profile_context_of(profile, near) != NULL;
    *sweep = (struct sweep){.probe = probe, .failure = failure, .take = take_entries};
    sweep->search = (struct search){.filter = filter,
                                    .attributes = hunt->attributes,
                                    .size_limit = SIZE_LIMIT,
                                    .wants_referral_objects = profile->has_manage_dsa_it,
                                    .stays_at_home = profile_stays_at_home(profile)};
    return sweep_run(sweep, near);
}

static void hunt_clear(struct hunt *hunt)
{
    entry_free(hunt->entry);
    g_free(hunt->other);
}

/* What a hunt that found nobody means. */
static enum dn_answer answer_of(const struct hunt *hunt, struct observation *seen)
{
    switch (hunt->sweep.answer) {
    case ID_REFUSED:
        return DN_REFUSED;
    case ID_FAILED:
        seen->is_directory_wide = seen->failure.reason == REASON_BUSY;
        return DN_FAILED;
    default:
        return DN_NOBODY;
    }
}

static void find_bearer(struct hunt *hunt, const struct question *question, struct observation *seen,
                        struct entry **ret_entry)
{
    const struct profile *profile = hunt->sweep.probe->profile;

    seen->found_dn = g_strdup(hunt->entry->dn);
    seen->found_identity =
        profile_identity(profile, profile_id_attribute(profile, question->identity), hunt->entry);
    seen->dn_answer = seen->found_identity ? DN_ENTRY : DN_ENTRY_BARE;
    failure_clear(&seen->failure);
    *ret_entry = g_steal_pointer(&hunt->entry);
}

static void fail_ambiguous(const char *dn, const char *other, struct failure *failure)
{
    failure_set(failure, PHASE_SEARCH, REASON_PROTOCOL, 0, "two entries bear the value, %s and %s", dn,
                other);
}

static bool search_for_value(struct probe *probe, const struct question *question, const struct dn *near,
                             struct observation *seen, struct entry **ret_entry)
{
    g_autofree char *value = search_escape(question->dn);
    g_autofree char *filter =
        question->find ? g_strdup_printf("(&(%s=%s)%s)", question->attribute, value, question->find)
                       : g_strdup_printf("(%s=%s)", question->attribute, value);
    struct hunt hunt = {0};

    bool is_alive = hunt_run(&hunt, probe, question, filter, near, &seen->failure);
    if (hunt.other) {
        fail_ambiguous(hunt.entry->dn, hunt.other, &seen->failure);
        seen->dn_answer = DN_FAILED;
    } else if (hunt.entry) {
        find_bearer(&hunt, question, seen, ret_entry);
    } else {
        seen->dn_answer = answer_of(&hunt, seen);
    }
    hunt_clear(&hunt);
    return is_alive;
}

/* What the one entry bears that `find` leads to. A server may tell values apart by case: then it is the
 * bearer. */
static bool read_found(struct hunt *hunt, const struct question *question, struct observation *seen,
                       struct entry **ret_entry)
{
    const char *value =
        attribute_nearest(hunt->entry, question->attribute, hunt->attributes + 1, question->dn);
    g_autofree char *unread = NULL;
    enum id_answer answer;

    if (value && fold_equal(value, question->dn)) {
        find_bearer(hunt, question, seen, ret_entry);
        return true;
    }
    seen->entry_dn = g_strdup(hunt->entry->dn);
    if (value) {
        seen->lookalike = (struct lookalike){g_strdup(value), g_strdup(question->attribute), true};
        return true;
    }
    bool is_alive = attribute_read(hunt->sweep.probe, hunt->entry->dn, NULL, question->attribute,
                                   question->dn, &answer, &unread, &seen->failure);
    if (answer == ID_FAILED)
        seen->dn_answer = DN_FAILED;
    else if (answer == ID_VALUE_HIDDEN)
        seen->dn_answer = DN_REFUSED;
    return is_alive;
}

/* Nobody bears the value: the entry that was meant may bear another one. */
static bool follow_find(struct probe *probe, const struct question *question, struct observation *seen,
                        struct entry **ret_entry)
{
    struct hunt hunt = {0};

    bool is_alive = hunt_run(&hunt, probe, question, question->find, NULL, &seen->failure);
    if (is_alive && hunt.other)
        seen->lookalike = (struct lookalike){g_strdup(hunt.other), g_strdup(question->attribute), false};
    else if (is_alive && hunt.entry)
        is_alive = read_found(&hunt, question, seen, ret_entry);
    else
        seen->dn_answer = answer_of(&hunt, seen);
    hunt_clear(&hunt);
    return is_alive;
}

/* Whether this account may search by the attribute at all, as far as the top of a naming context shows: there
 * it is to be or not to be, unless the server may not look (RFC 4511 4.5.1.7) or does not know it. */
static bool look_at_tops(struct probe *probe, const struct question *question, struct observation *seen)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    g_autofree char *filter = g_strdup_printf("(|(%s=*)(!(%s=*)))", question->attribute, question->attribute);
    GPtrArray *contexts = probe->profile->contexts;
    bool is_alive = true;

    seen->dn_answer = DN_EMPTY;
    for (unsigned i = 0; i < contexts->len && is_alive && seen->dn_answer != DN_NOBODY; i++) {
        const struct context *context = g_ptr_array_index(contexts, i);
        const struct search search = {context->text, LDAP_SCOPE_BASE, filter, nothing, 0, false};
        struct reply reply;

        is_alive = search_run(probe->connection, &search, &reply);
        if (is_alive && !reply_is_complete(&reply)) {
            failure_copy(&reply.failure, &seen->failure);
            seen->dn_answer = DN_FAILED;
        } else if (reply_entry(&reply) && reply.code == LDAP_SUCCESS) {
            failure_clear(&seen->failure);
            seen->dn_answer = DN_NOBODY;
        }
        reply_clear(&reply);
    }
    return is_alive;
}

bool bearer_find(struct probe *probe, const struct question *question, const struct dn *near,
                 struct observation *seen, struct entry **ret_entry)
{
    if (!search_for_value(probe, question, near, seen, ret_entry))
        return false;
    if (question->identity || seen->dn_answer != DN_NOBODY)
        return true;
    if (question->find && !follow_find(probe, question, seen, ret_entry))
        return false;
    return seen->dn_answer != DN_NOBODY || seen->entry_dn || look_at_tops(probe, question, seen);
}

/* A value that may be searched by but not read is what the server says it is. */
static void name_found(const struct probe *probe, const struct question *question, const struct entry *bearer,
                       struct observation *seen)
{
    const char *attributes[PROFILE_MAX_ATTRIBUTES + 1];

    list_attributes(probe, question, attributes);
    const char *value = attribute_nearest(bearer, question->attribute, attributes + 1, question->dn);
    seen->entry_dn = g_steal_pointer(&seen->found_dn);
    seen->found_dn = g_strdup(value ? value : question->dn);
}

static void call_ambiguous(const struct entry *bearer, const char *other, struct observation **seen)
{
    struct failure failure = {0};
    uint32_t question = (*seen)->question;

    fail_ambiguous(bearer->dn, other, &failure);
    observation_free(*seen);
    *seen = observation_new_failed(question, NULL, failure.phase, failure.reason, 0, failure.text, false);
    failure_clear(&failure);
}

/* Of the pinned entry, where another one bears the value or nobody does. */
static bool name_pinned(struct probe *probe, const struct question *question, const struct entry *bearer,
                        struct observation **inout_seen)
{
    struct observation *seen = *inout_seen;
    g_autofree char *dn = g_steal_pointer(&seen->pinned_dn);
    struct failure failure = {0};

    if (bearer && strcmp(dn, bearer->dn) == 0) {
        seen->pinned_dn = g_strdup(seen->found_dn);
        return true;
    }
    bool is_alive = attribute_read(probe, dn, question->identity, question->attribute, question->dn,
                                   &seen->id_answer, &seen->pinned_dn, &failure);
    if (!seen->entry_dn)
        seen->entry_dn = g_strdup(dn);
    if (seen->id_answer == ID_FAILED ||
        (seen->id_answer == ID_VALUE_HIDDEN && seen->failure.reason == REASON_NONE))
        failure_copy(&failure, &seen->failure);
    failure_clear(&failure);
    if (is_alive && bearer && seen->pinned_dn && fold_equal(seen->pinned_dn, question->dn))
        call_ambiguous(bearer, dn, inout_seen);
    return is_alive;
}

bool bearer_translate(struct probe *probe, const struct question *question, const struct entry *bearer,
                      struct observation **inout_seen)
{
    (*inout_seen)->is_conflict = false; /* that is about its name */
    if (bearer)
        name_found(probe, question, bearer, *inout_seen);
    if ((*inout_seen)->pinned_dn && !name_pinned(probe, question, bearer, inout_seen))
        return false;
    struct observation *seen = *inout_seen;
    return !question->want_parent || !seen->found_dn ||
           attribute_read_above(probe, seen->entry_dn, question->attribute, seen->found_dn,
                                &seen->is_parent_read, &seen->parent_value);
}
