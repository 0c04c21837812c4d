#include "judge/judge.h"

#include <string.h>

#include "dn/canonical.h"
#include "dn/equal.h"
#include "dn/fold.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/read.h"
#include "dn/write.h"
#include "judge/attribution.h"
#include "judge/explain.h"
#include "judge/holding.h"
#include "judge/prefix.h"
#include "judge/relocation.h"

/* What the judge looks at, parsed once. */
struct matter {
    const struct expectation *expectation;
    const struct observation *observation;
    const char *pinned;    /* the pinned identity, or NULL */
    struct dn *configured; /* NULL where the server resolved it: then ids decide; and where it is no DN */
    struct dn *pinned_at;  /* where the id question found the pinned entry, or NULL */
};

/* A DN as it may be shown, or a value as it is. */
static char *show(const struct matter *matter, const char *text)
{
    return matter->expectation->attribute ? g_strdup(text) : dn_show(text);
}

/* Whether found is an identity of another kind than pinned: two values that cannot be compared. */
static bool is_other_kind(const char *pinned, const char *found)
{
    size_t length = strcspn(pinned, ":");

    return g_ascii_strncasecmp(pinned, found, length + 1) != 0;
}

static bool is_identity_equal(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

/* Another form is no other spelling: the live DN is compared as the configured one is written, if that can
 * be. */
static enum verdict ok_verdict(const struct expectation *expectation, const char *live)
{
    const char *configured = expectation->configured;
    g_autofree char *written = NULL;

    if (g_strcmp0(configured, live) == 0)
        return VERDICT_MATCH;
    if (expectation->attribute)
        return VERDICT_SPELLING;
    written = dn_write_like(live, configured, NULL);
    return !written || strcmp(written, configured) == 0 ? VERDICT_MATCH : VERDICT_SPELLING;
}

/* Whether the id question found the pinned entry at the configured DN after all: it came back between the two
 * questions, or the DN question is kept from this account. Where the server resolved the DN to nothing, only
 * the very same text counts. */
static bool is_pinned_at_configured(const struct matter *matter)
{
    const struct observation *seen = matter->observation;

    if (seen->id_answer != ID_FOUND)
        return false;
    if (strcmp(seen->pinned_dn, matter->expectation->configured) == 0)
        return true;
    if (matter->expectation->attribute)
        return fold_equal(seen->pinned_dn, matter->expectation->configured);
    return seen->dn_answer != DN_ABSENT && seen->dn_answer != DN_OUTSIDE && matter->configured &&
           matter->pinned_at && dn_equal(matter->configured, matter->pinned_at);
}

/* Whether it is known what the pinned entry bears now, and be it nothing. */
static bool is_pinned_known(const struct observation *seen)
{
    return seen->id_answer == ID_FOUND || seen->id_answer == ID_VALUELESS;
}

/* The configured DN led to an entry with a readable identity. */
static enum verdict judge_entry(const struct matter *matter, struct judgement *judgement)
{
    const struct expectation *expected = matter->expectation;
    const struct observation *seen = matter->observation;
    bool is_pinned = is_identity_equal(matter->pinned, seen->found_identity);

    if (!matter->pinned || is_pinned || (expected->is_edited && !expected->is_pinned_by_hand)) {
        judgement->pin_action = is_pinned ? PIN_REFRESH : PIN_NEW;
        return ok_verdict(expected, seen->found_dn);
    }
    if (is_other_kind(matter->pinned, seen->found_identity))
        return VERDICT_HIDDEN;
    return seen->id_answer == ID_FAILED ? VERDICT_UNREACHABLE : VERDICT_REPLACED;
}

/* ... to an entry whose identity this account may not read. */
static enum verdict judge_bare_entry(const struct matter *matter)
{
    const struct observation *seen = matter->observation;

    if (!matter->pinned)
        return ok_verdict(matter->expectation, seen->found_dn);
    if (seen->id_answer == ID_FAILED)
        return VERDICT_UNREACHABLE;
    if (is_pinned_at_configured(matter))
        return ok_verdict(matter->expectation, seen->pinned_dn);
    return is_pinned_known(seen) ? VERDICT_REPLACED : VERDICT_HIDDEN;
}

/* The pinned identity is nowhere to be found: deleted, as far as one account can tell, if something it was
 * below still is. */
static enum verdict judge_gone(const struct matter *matter)
{
    if (matter->observation->tombstone.dn)
        return VERDICT_DELETED;
    switch (matter->observation->ancestor_answer) {
    case ANCESTOR_FOUND:
        return VERDICT_DELETED;
    case ANCESTOR_NOT_ASKED: /* no ancestor is known by id: the server's matchedDN must do */
        return matter->observation->dn_answer == DN_ABSENT ? VERDICT_DELETED : VERDICT_HIDDEN;
    case ANCESTOR_FAILED:
        return VERDICT_UNREACHABLE;
    default:
        return VERDICT_HIDDEN;
    }
}

/* The configured DN leads nowhere, and the server said so in full. */
static enum verdict judge_absent(const struct matter *matter)
{
    const struct observation *seen = matter->observation;

    if (!matter->pinned)
        return VERDICT_MISSING;
    if (is_pinned_at_configured(matter))
        return ok_verdict(matter->expectation, seen->pinned_dn);
    if (seen->id_answer == ID_FAILED || seen->id_answer == ID_NOT_ASKED)
        return VERDICT_UNREACHABLE;
    if (seen->id_answer == ID_VALUE_HIDDEN)
        return VERDICT_HIDDEN;
    if (matter->expectation->is_edited || (seen->id_answer == ID_GONE && !matter->expectation->pin->dn))
        return VERDICT_MISSING; /* a new value, or a pin by hand that was never seen: it was not there before
                                   either */
    if (seen->id_answer == ID_REFUSED)
        return VERDICT_HIDDEN;
    return seen->id_answer == ID_GONE ? judge_gone(matter)
                                      : VERDICT_RENAMED; /* relocation_find() says which of the three */
}

/* An access rule may stand between this account and the configured DN: only the id question can tell more. */
static enum verdict judge_hidden(const struct matter *matter)
{
    const struct observation *seen = matter->observation;

    if (!matter->pinned)
        return VERDICT_HIDDEN;
    if (seen->id_answer == ID_FAILED)
        return VERDICT_UNREACHABLE;
    if (is_pinned_at_configured(matter))
        return ok_verdict(matter->expectation, seen->pinned_dn);
    if (seen->id_answer == ID_GONE && seen->tombstone.dn && !matter->expectation->is_edited)
        return VERDICT_DELETED;
    return is_pinned_known(seen) && !matter->expectation->is_edited ? VERDICT_RENAMED : VERDICT_HIDDEN;
}

static enum verdict judge_answers(const struct matter *matter, struct judgement *judgement)
{
    switch (matter->observation->dn_answer) {
    case DN_ENTRY:
        return judge_entry(matter, judgement);
    case DN_ENTRY_BARE:
        return judge_bare_entry(matter);
    case DN_ABSENT:
    case DN_OUTSIDE:
    case DN_NOBODY:
        return judge_absent(matter);
    case DN_UNMATCHED:
    case DN_EMPTY:
    case DN_REFUSED:
        return judge_hidden(matter);
    case DN_SYNTAX:
    case DN_UNTOLD:
        return VERDICT_INVALID;
    default:
        return VERDICT_UNREACHABLE;
    }
}

/* The pinned entry lost its name to another one in a replication conflict (MS-ADTS 3.1.1.5.1.2 for CNF, 389's
 * nsds5ReplConflict): worse than having been renamed or replaced by hand. */
static bool is_conflict(const struct matter *matter, enum verdict verdict)
{
    return matter->observation->is_conflict && (verdict == VERDICT_RENAMED || verdict == VERDICT_REPLACED);
}

/* The first RDN of the configured DN that does not exist, given the deepest ancestor that does. */
static char *find_first_missing(const struct dn *configured, const char *matched_dn)
{
    g_autoptr(dn_t) matched = matched_dn ? dn_parse(matched_dn, NULL, NULL) : NULL;
    bool is_above =
        matched && configured && (canonical_is_untyped(configured) || dn_is_below(configured, matched));
    unsigned n_matched = is_above ? matched->n_rdns : 0;

    if (!configured || n_matched >= configured->n_rdns)
        return NULL;
    return dn_print_rdn(&configured->rdns[configured->n_rdns - n_matched - 1]);
}

static bool is_relocation(enum verdict verdict)
{
    return verdict == VERDICT_MOVED || verdict == VERDICT_RENAMED || verdict == VERDICT_ANCESTOR_RENAMED ||
           verdict == VERDICT_CONFLICT;
}

/* Whether the look-alike stands for the whole of what was configured. */
static bool is_suggestion(const struct matter *matter)
{
    const struct observation *seen = matter->observation;
    g_autoptr(dn_t) matched = seen->matched_dn ? dn_parse(seen->matched_dn, NULL, NULL) : NULL;

    if (!seen->lookalike.dn || !seen->lookalike.is_unique)
        return false;
    return matter->expectation->attribute ||
           (matched && matter->configured && matched->n_rdns + 1 == matter->configured->n_rdns);
}

/* The value to put back: where the pinned entry is, else what the operator seems to have meant, else what is
 * there. */
static char *find_live(const struct matter *matter, enum verdict verdict)
{
    const struct observation *seen = matter->observation;
    bool is_ok = verdict_class(verdict) == CLASS_OK;
    bool is_pinned_elsewhere =
        seen->id_answer == ID_FOUND && (verdict == VERDICT_REPLACED || verdict == VERDICT_MISSING);

    if (is_relocation(verdict) || is_pinned_elsewhere || (is_ok && !seen->found_dn))
        return seen->pinned_dn ? show(matter, seen->pinned_dn) : NULL;
    if (seen->found_dn)
        return show(matter, seen->found_dn);
    return verdict == VERDICT_MISSING && is_suggestion(matter) ? show(matter, seen->lookalike.dn) : NULL;
}

static void fill_judgement(const struct matter *matter, struct judgement *judgement)
{
    const struct observation *seen = matter->observation;
    enum verdict verdict = judgement->verdict;

    judgement->live = find_live(matter, verdict);
    judgement->identity =
        g_strdup(matter->pinned && judgement->pin_action != PIN_NEW ? matter->pinned : seen->found_identity);
    judgement->server = g_strdup(seen->server);
    judgement->is_lookup_refused = seen->id_answer == ID_REFUSED;
    judgement->is_identity_unreadable = seen->dn_answer == DN_ENTRY_BARE && verdict != VERDICT_UNREACHABLE;
    if (seen->dn_answer == DN_ABSENT || seen->dn_answer == DN_OUTSIDE)
        judgement->first_missing = find_first_missing(matter->configured, seen->matched_dn);
    if ((verdict == VERDICT_REPLACED || verdict == VERDICT_MISSING) && seen->id_answer == ID_FOUND)
        judgement->pinned_live = show(matter, seen->pinned_dn);
    if (verdict == VERDICT_REPLACED)
        judgement->replacement = g_strdup(seen->found_identity);
    if (verdict == VERDICT_DELETED)
        judgement->certainty = g_strdup(seen->tombstone.dn ? "tombstone" : "absent");
    judgement->vintage = g_strdup(seen->vintage);
    judgement->entries = seen->entries;
    judgement->matching = seen->matching;
    if (verdict == VERDICT_EMPTIED)
        judgement->previous = matter->expectation->previous;
    if (verdict == VERDICT_UNREACHABLE || verdict == VERDICT_HIDDEN || verdict == VERDICT_INVALID)
        failure_copy(&seen->failure, &judgement->failure);
    if (verdict == VERDICT_UNREACHABLE)
        judgement->is_directory_wide = seen->is_directory_wide;
}

/* The configured DN; of a canonical name, whose types nobody tells, that which it led to. */
static struct dn *read_configured(const struct expectation *expectation)
{
    const char *led_to = expectation->pin->dn;
    struct dn *dn = dn_read(expectation->configured, NULL, NULL);

    if (!dn || !led_to || !canonical_is_untyped(dn) || expectation->is_edited)
        return dn;
    dn_free(dn);
    return dn_parse(led_to, NULL, NULL);
}

void judge(const struct expectation *expectation, const struct observation *observation,
           struct judgement *ret_judgement)
{
    bool is_dn = !expectation->attribute;
    bool is_asked_for = is_dn && expectation->configured && observation->dn_answer != DN_ENTRY;
    g_autoptr(dn_t) configured = is_asked_for ? read_configured(expectation) : NULL;
    g_autoptr(dn_t) pinned_at =
        is_dn && observation->pinned_dn ? dn_parse(observation->pinned_dn, NULL, NULL) : NULL;
    struct matter matter = {expectation, observation, expectation->pin->identity, configured, pinned_at};
    struct relocation relocation = {0};

    *ret_judgement = (struct judgement){0};
    ret_judgement->verdict = judge_answers(&matter, ret_judgement);
    holding_judge(expectation, observation, ret_judgement);
    prefix_judge(expectation, observation, ret_judgement);
    if (is_conflict(&matter, ret_judgement->verdict)) {
        ret_judgement->verdict = VERDICT_CONFLICT;
    } else if (ret_judgement->verdict == VERDICT_RENAMED && configured && pinned_at) {
        relocation_find(expectation, observation, configured, pinned_at, &relocation);
        ret_judgement->verdict = relocation.verdict;
        ret_judgement->is_parent_identity_unknown = relocation.is_parent_identity_unknown;
    }
    fill_judgement(&matter, ret_judgement);
    stamp_copy(attribution_of(observation, &relocation, ret_judgement->verdict), &ret_judgement->changed);
    cause_copy(&relocation.cause, &ret_judgement->cause);
    explain(expectation, observation, &relocation, ret_judgement);
    relocation_clear(&relocation);
}
