#include "prober/inquiry.h"

#include "dn/equal.h"
#include "dn/parse.h"
#include "prober/identity.h"
#include "prober/lookalike.h"
#include "prober/lookup.h"
#include "prober/path.h"
#include "prober/result.h"

struct inquiry {
    struct probe *probe;
    const struct question *question;
    struct dn *dn;            /* the configured one, or NULL if it is none to us */
    struct observation *seen; /* so far */
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
        identity_find(inquiry->probe, inquiry->dn, identity, &seen->id_answer, &seen->pinned_dn, &failure);
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

    bool is_alive = path_read(inquiry->probe, seen->found_dn, &seen->path, &failure);
    if (is_alive && !seen->path) {
        observation_free(seen);
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

    bool is_alive = path_read(inquiry->probe, seen->pinned_dn, &seen->path, &failure);
    if (is_alive && !seen->path) {
        g_clear_pointer(&seen->pinned_dn, g_free);
        seen->id_answer = ID_FAILED;
        failure_copy(&failure, &seen->failure);
    }
    failure_clear(&failure);
    return is_alive;
}

static bool follow_entry(struct inquiry *inquiry)
{
    const struct question *question = inquiry->question;
    struct observation *seen = inquiry->seen;
    bool is_other = question->identity && (!seen->found_identity ||
                                           g_ascii_strcasecmp(question->identity, seen->found_identity) != 0);

    if (is_other && !find_pinned(inquiry, question->identity))
        return false;
    if (!is_other && question->want_path && seen->found_identity && !prove_lookup(inquiry))
        return false;
    return !question->want_path || !seen->found_identity || read_path_of_found(inquiry);
}

static bool follow_absence(struct inquiry *inquiry)
{
    const struct question *question = inquiry->question;
    struct observation *seen = inquiry->seen;

    if (question->identity && !find_pinned(inquiry, question->identity))
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
        return follow_absence(inquiry);
    default:
        return true;
    }
}

struct observation *inquiry_finish(struct probe *probe, const struct question *question,
                                   const struct reply *reply)
{
    g_autoptr(dn_t) dn = dn_parse(question->dn, NULL, NULL);
    struct inquiry inquiry = {probe, question, dn, observation_new(question->id)};

    probe->connection->question = &question->id;
    lookup_read(probe, dn, reply, inquiry.seen);
    bool is_alive = follow_up(&inquiry);
    probe->connection->question = NULL;
    if (is_alive)
        return inquiry.seen;
    observation_free(inquiry.seen);
    return NULL;
}
