#include "prober/inquiry.h"

#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/read.h"
#include "prober/ancestry.h"
#include "prober/attribute.h"
#include "prober/bearer.h"
#include "prober/canonical_name.h"
#include "prober/census.h"
#include "prober/conflict.h"
#include "prober/identity.h"
#include "prober/lookalike.h"
#include "prober/lookup.h"
#include "prober/object_class.h"
#include "prober/path.h"
#include "prober/result.h"
#include "prober/stamp.h"
#include "prober/tombstone.h"

struct inquiry {
    struct probe *probe;
    const struct question *question;
    struct dn *dn;            /* the configured one, or that of the entry by which a value is looked for; NULL
                                 if it is none to us */
    struct observation *seen; /* so far */
    const struct entry *found; /* what the DN led to, or NULL; borrowed from the reply */
    struct entry *pinned;      /* what the id question found, or NULL */
};

/* All these answer false when the connection is lost. */

/* Why the DN question was refused stays told, unless a later one failed. */
static void explain(struct inquiry *inquiry, bool is_failed, bool is_refused, struct failure *failure)
{
    if (is_failed || (is_refused && inquiry->seen->failure.reason == REASON_NONE))
        failure_copy(failure, &inquiry->seen->failure);
    failure_clear(failure);
}

static bool find_pinned(struct inquiry *inquiry, const char *identity)
{
    struct observation *seen = inquiry->seen;
    struct failure failure = {0};

    bool is_alive =
        identity_find(inquiry->probe, inquiry->dn, identity, lookup_wishes(inquiry->question) | WISH_CONFLICT,
                      &seen->id_answer, &inquiry->pinned, &failure);
    if (inquiry->pinned) {
        seen->pinned_dn = g_strdup(inquiry->pinned->dn);
        seen->is_conflict = conflict_is(inquiry->probe->profile->kind, inquiry->pinned);
    }
    explain(inquiry, seen->id_answer == ID_FAILED, seen->id_answer == ID_REFUSED, &failure);
    return is_alive;
}

static bool find_ancestor(struct inquiry *inquiry)
{
    struct observation *seen = inquiry->seen;
    struct failure failure = {0};

    bool is_alive = identity_find_ancestor(inquiry->probe, inquiry->dn, inquiry->question->ancestors,
                                           &seen->ancestor_answer, &failure);
    explain(inquiry, seen->ancestor_answer == ANCESTOR_FAILED, false, &failure);
    return is_alive;
}

static char *parent_key(const struct dn *dn)
{
    const struct dn parent = {dn->rdns + 1, dn->n_rdns - 1};

    return dn_key(&parent);
}

/* Of an entry we have just read by its DN: if no search finds it, the account may not search by identity.
 * Where one entry is found its siblings are: without an index each search may take the server long. */
static bool prove_lookup(struct inquiry *inquiry)
{
    GHashTable *proven = inquiry->probe->proven;
    struct observation *seen = inquiry->seen;
    g_autofree char *parent = inquiry->dn && inquiry->dn->n_rdns > 1 ? parent_key(inquiry->dn) : NULL;

    if (parent && g_hash_table_contains(proven, parent)) {
        seen->id_answer = ID_FOUND;
        seen->pinned_dn = g_strdup(seen->found_dn);
        return true;
    }
    if (!find_pinned(inquiry, seen->found_identity))
        return false;
    if (seen->id_answer == ID_GONE) {
        seen->id_answer = ID_REFUSED;
        failure_set(&seen->failure, PHASE_SEARCH, REASON_ACL, 0, "a search for %s does not find the entry",
                    seen->found_identity);
    }
    if (parent && seen->id_answer == ID_FOUND)
        g_hash_table_add(proven, g_steal_pointer(&parent));
    return true;
}

/* Without its path a pin would lack what later tells `moved` from `renamed`: then this answer is none. */
static bool read_path_of_found(struct inquiry *inquiry)
{
    struct observation *seen = inquiry->seen;
    struct failure failure = {0};

    bool is_alive =
        path_read(inquiry->probe, seen->found_dn, inquiry->question->want_details, &seen->path, &failure);
    if (is_alive && !seen->path) {
        observation_free(seen);
        inquiry->found = NULL;
        inquiry->seen = observation_new_failed(inquiry->question->id, NULL, failure.phase, failure.reason,
                                               failure.code, failure.text, false);
    }
    failure_clear(&failure);
    return is_alive;
}

static bool read_path_of_pinned(struct inquiry *inquiry)
{
    struct observation *seen = inquiry->seen;
    struct failure failure = {0};

    bool is_alive =
        path_read(inquiry->probe, seen->pinned_dn, inquiry->question->want_details, &seen->path, &failure);
    if (is_alive && !seen->path) {
        g_clear_pointer(&inquiry->pinned, entry_free);
        g_clear_pointer(&seen->pinned_dn, g_free);
        seen->is_conflict = false;
        seen->id_answer = ID_FAILED;
        failure_copy(&failure, &seen->failure);
    }
    failure_clear(&failure);
    return is_alive;
}

static bool find_tombstone(struct inquiry *inquiry)
{
    struct observation *seen = inquiry->seen;

    return seen->id_answer != ID_GONE ||
           tombstone_find(inquiry->probe, inquiry->dn, inquiry->question->identity, &seen->tombstone);
}

/* Whether the DN led to another entry than the pinned one, as far as this account can see. */
static bool is_other(const struct inquiry *inquiry)
{
    const char *pinned = inquiry->question->identity, *found = inquiry->seen->found_identity;

    return pinned && (!found || g_ascii_strcasecmp(pinned, found) != 0);
}

static bool follow_entry(struct inquiry *inquiry)
{
    const struct question *question = inquiry->question;
    const struct observation *seen = inquiry->seen;

    if (is_other(inquiry) && (!find_pinned(inquiry, question->identity) || !find_tombstone(inquiry)))
        return false;
    if (!is_other(inquiry) && question->want_path && seen->found_identity && !prove_lookup(inquiry))
        return false;
    return !question->want_path || !seen->found_identity || read_path_of_found(inquiry);
}

/* Where the server gives no matchedDN, an ancestor that answers makes the DN absent; only if none does may an
 * access rule be behind it. */
static bool look_into_unmatched(struct inquiry *inquiry)
{
    struct observation *seen = inquiry->seen;
    struct failure failure = {0};

    if (seen->dn_answer != DN_UNMATCHED || inquiry->probe->profile->kind->gives_matched_dn || !inquiry->dn)
        return true;
    bool is_alive = ancestry_find(inquiry->probe, inquiry->dn, &seen->matched_dn, &failure);
    if (seen->matched_dn) {
        seen->dn_answer = DN_ABSENT;
        failure_clear(&seen->failure);
    } else if (failure.reason != REASON_NONE) {
        seen->dn_answer = DN_FAILED;
        failure_copy(&failure, &seen->failure);
    }
    failure_clear(&failure);
    return is_alive;
}

static bool follow_absence(struct inquiry *inquiry)
{
    const struct question *question = inquiry->question;
    struct observation *seen = inquiry->seen;

    if (question->identity && (!find_pinned(inquiry, question->identity) || !find_tombstone(inquiry)))
        return false;
    if (seen->id_answer == ID_FOUND && !read_path_of_pinned(inquiry))
        return false;
    if (seen->id_answer == ID_GONE && seen->dn_answer != DN_EMPTY && seen->dn_answer != DN_REFUSED &&
        !find_ancestor(inquiry))
        return false;
    /* Only who sees `missing` reads the hint: nothing is pinned, or the value was edited. */
    if (seen->dn_answer == DN_ABSENT && (!question->identity || question->want_path))
        return lookalike_find(inquiry->probe, inquiry->dn, seen->matched_dn, &seen->lookalike);
    return true;
}

static bool follow_up(struct inquiry *inquiry)
{
    switch (inquiry->seen->dn_answer) {
    case DN_ENTRY:
    case DN_ENTRY_BARE:
        return follow_entry(inquiry);
    case DN_ABSENT:
    case DN_OUTSIDE:
    case DN_UNMATCHED:
    case DN_EMPTY:
    case DN_REFUSED:
    case DN_NOBODY:
        return follow_absence(inquiry);
    default:
        return true;
    }
}

static bool check_object_class(struct inquiry *inquiry)
{
    struct observation *seen = inquiry->seen;
    struct failure failure = {0};

    if (!inquiry->question->object_class || !inquiry->found)
        return true;
    bool is_alive =
        object_class_check(inquiry->probe, inquiry->found, inquiry->question->object_class, seen, &failure);
    explain(inquiry, seen->object_class_answer == OBJECT_CLASS_FAILED, false, &failure);
    return is_alive;
}

static bool take_census(struct inquiry *inquiry, const struct entry *entry)
{
    const struct question *question = inquiry->question;
    struct observation *seen = inquiry->seen;
    bool is_drift = !inquiry->found || is_other(inquiry) || seen->object_class_answer == OBJECT_CLASS_OTHER;
    struct failure failure = {0};

    if (!question->entry_filter && !(question->want_details && is_drift))
        return true;
    bool is_alive = census_take(inquiry->probe, entry, question, seen, &failure);
    bool is_failed = seen->entries.answer == COUNT_FAILED || seen->matching.answer == COUNT_FAILED;
    explain(inquiry, is_failed, failure.reason != REASON_NONE, &failure);
    return is_alive;
}

/* Who changed it: its name, or its value. */
static bool read_stamp(struct inquiry *inquiry, const struct entry *entry)
{
    const struct question *question = inquiry->question;

    if (!question->want_details)
        return true;
    return question->attribute
               ? stamp_read_of(inquiry->probe, entry, question->attribute, &inquiry->seen->stamp)
               : stamp_read(inquiry->probe, entry, STAMP_NAMED, &inquiry->seen->stamp);
}

/* What else is wanted of the entry that the DN led to, else of the pinned one. */
static bool look_closer(struct inquiry *inquiry)
{
    const struct entry *entry = inquiry->found ? inquiry->found : inquiry->pinned;

    return !entry ||
           (check_object_class(inquiry) && read_stamp(inquiry, entry) && take_census(inquiry, entry));
}

static void note_vintage(struct inquiry *inquiry)
{
    const struct context *context = profile_context_of(inquiry->probe->profile, inquiry->dn);

    inquiry->seen->vintage = context ? g_strdup(context->vintage) : NULL;
}

/* What stands in the entry, and nothing else about it. */
static bool read_values(struct inquiry *inquiry)
{
    const struct question *question = inquiry->question;
    struct observation *seen = inquiry->seen;
    const char *attributes[LOOKUP_MAX_ATTRIBUTES];
    struct failure failure = {0};

    if (!inquiry->found)
        return true;
    lookup_attributes(inquiry->probe, question, attributes);
    seen->values = attribute_values(inquiry->found, question->read, attributes + 1, &failure);
    if (!seen->values) {
        observation_free(seen);
        inquiry->seen = observation_new_failed(question->id, NULL, failure.phase, failure.reason,
                                               failure.code, failure.text, false);
    }
    failure_clear(&failure);
    return true;
}

static bool compare_dn(struct inquiry *inquiry, const struct reply *reply)
{
    struct observation *seen = inquiry->seen;

    lookup_read(inquiry->probe, inquiry->question, inquiry->dn, reply, seen);
    if (seen->dn_answer == DN_ENTRY || seen->dn_answer == DN_ENTRY_BARE)
        inquiry->found = reply_entry(reply);
    note_vintage(inquiry);
    if (inquiry->question->read)
        return look_into_unmatched(inquiry) && read_values(inquiry);
    return look_into_unmatched(inquiry) && follow_up(inquiry) && look_closer(inquiry);
}

/* Between the question and the answer it goes as with a DN: with that of the entry which bears the value. */
static bool compare_value(struct inquiry *inquiry)
{
    struct entry *bearer = NULL;

    bool is_alive = bearer_find(inquiry->probe, inquiry->question, inquiry->dn, inquiry->seen, &bearer);
    inquiry->found = bearer;
    if (bearer) {
        dn_free(inquiry->dn);
        inquiry->dn = dn_parse(bearer->dn, NULL, NULL);
    }
    note_vintage(inquiry);
    is_alive = is_alive && follow_up(inquiry) && look_closer(inquiry) &&
               bearer_translate(inquiry->probe, inquiry->question, inquiry->found, &inquiry->seen);
    entry_free(bearer);
    return is_alive;
}

/* The DN question for the entry that the name leads to. */
static bool ask_for(struct inquiry *inquiry, const char *dn)
{
    struct question question = *inquiry->question;
    struct reply reply;

    question.dn = (char *)dn;
    dn_free(inquiry->dn);
    inquiry->dn = dn_parse(dn, NULL, NULL);
    bool is_alive = lookup_run(inquiry->probe, &question, &reply) && compare_dn(inquiry, &reply);
    inquiry->found = NULL; /* the reply's */
    reply_clear(&reply);
    return is_alive;
}

static bool compare_canonical_name(struct inquiry *inquiry)
{
    g_autofree char *dn = NULL;

    if (!canonical_name_find(inquiry->probe, inquiry->dn, &dn, inquiry->seen))
        return false;
    if (dn)
        return ask_for(inquiry, dn);
    note_vintage(inquiry);
    return follow_up(inquiry) && look_closer(inquiry);
}

static bool compare(struct inquiry *inquiry, const struct reply *reply)
{
    if (inquiry->question->attribute)
        return compare_value(inquiry);
    return canonical_name_is_asked(inquiry->question) ? compare_canonical_name(inquiry)
                                                      : compare_dn(inquiry, reply);
}

bool inquiry_takes_its_time(const struct question *question)
{
    return question->attribute || canonical_name_is_asked(question);
}

struct observation *inquiry_finish(struct probe *probe, const struct question *question,
                                   const struct reply *reply)
{
    const char *near = question->attribute ? question->near : question->dn;
    struct inquiry inquiry = {.probe = probe, .question = question, .seen = observation_new(question->id)};

    inquiry.dn = near ? dn_read(near, NULL, NULL) : NULL;
    probe->connection->question = &question->id;
    bool is_alive = compare(&inquiry, reply);
    probe->connection->question = NULL;
    entry_free(inquiry.pinned);
    dn_free(inquiry.dn);
    if (is_alive)
        return inquiry.seen;
    observation_free(inquiry.seen);
    return NULL;
}
