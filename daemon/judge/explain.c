#include "judge/explain.h"

#include <string.h>

#include "dn/diff.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/read.h"
#include "dn/write.h"
#include "judge/acceptance.h"
#include "judge/attribution.h"
#include "judge/explain_value.h"

/* What the explainers need. */
struct story {
    const struct expectation *expectation;
    const struct observation *observation;
    const struct relocation *relocation;
    char *configured;
    const char *bound_as;
};

static char *leaf_of(const char *text)
{
    g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);

    return dn && dn->n_rdns ? dn_print_rdn(&dn->rdns[0]) : g_strdup(text);
}

static char *parent_of(const char *text)
{
    g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);
    g_autoptr(dn_t) parent = dn ? dn_parent(dn) : NULL;

    return parent ? dn_print(parent) : g_strdup(text);
}

/* The value to put back, in the form that the consumer uses. */
static char *configure_instead(const struct story *story, const char *live)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *written = live ? dn_write_like(live, story->expectation->configured, &error) : NULL;

    if (!live)
        return NULL;
    return written ? g_strdup_printf("configure %s", written)
                   : g_strdup_printf("configure what leads to %s (%s)", live, error->message);
}

char *explain_failure(const struct failure *failure)
{
    const char *phase = phase_name(failure->phase);
    const char *reason = reason_name(failure->reason);
    const char *text = failure->text ? failure->text : reason ? reason : "no answer";

    if (!phase)
        return g_strdup(text);
    if (failure->code)
        return g_strdup_printf("%s: %s (%d)", phase, text, failure->code);
    return g_strdup_printf("%s: %s", phase, text);
}

static void explain_spelling(const struct story *story, struct judgement *judgement)
{
    g_autoptr(dn_t) configured = dn_read(story->expectation->configured, NULL, NULL);
    g_autoptr(dn_t) live = judgement->live ? dn_parse(judgement->live, NULL, NULL) : NULL;
    struct dn_diff diff = {0};
    g_autofree char *how = NULL;

    if (configured && live) {
        dn_diff(configured, story->expectation->configured, live, judgement->live, &diff);
        how = dn_diff_explain(&diff);
        dn_diff_clear(&diff);
    }
    judgement->sentence = g_strdup_printf("the entry is the right one, and the directory spells it %s%s%s",
                                          judgement->live, how ? ": " : "", how ? how : "");
    judgement->remedy = configure_instead(story, judgement->live);
}

static void explain_renamed(const struct story *story, struct judgement *judgement)
{
    g_autofree char *leaf = leaf_of(judgement->live);

    judgement->sentence = g_strdup_printf("%s was renamed to %s", story->configured, leaf);
    judgement->remedy = configure_instead(story, judgement->live);
}

static void explain_moved(const struct story *story, struct judgement *judgement)
{
    g_autofree char *leaf = leaf_of(judgement->live);
    g_autofree char *parent = parent_of(judgement->live);
    const char *caution =
        judgement->is_parent_identity_unknown ? ", unless an entry above it was renamed" : "";

    if (story->relocation->is_rdn_changed)
        judgement->sentence = g_strdup_printf("%s was moved below %s and renamed to %s%s", story->configured,
                                              parent, leaf, caution);
    else
        judgement->sentence = g_strdup_printf("%s was moved below %s%s", story->configured, parent, caution);
    judgement->remedy = configure_instead(story, judgement->live);
}

static void explain_ancestor_renamed(const struct story *story, struct judgement *judgement)
{
    const struct cause *cause = &judgement->cause;

    if (cause->was)
        judgement->sentence =
            g_strdup_printf("%s is now %s because %s above it was %s to %s", story->configured,
                            judgement->live, cause->was, cause->is_moved ? "moved" : "renamed", cause->is);
    else
        judgement->sentence = g_strdup_printf("%s is now %s because an entry above it was renamed or moved",
                                              story->configured, judgement->live);
    judgement->remedy = configure_instead(story, judgement->live);
}

static void explain_replaced(const struct story *story, struct judgement *judgement)
{
    const struct observation *seen = story->observation;
    const char *found = seen->found_identity ? seen->found_identity : "identity unreadable";

    if (judgement->pinned_live)
        judgement->sentence = g_strdup_printf("%s is another entry now (%s) and the one it was is %s",
                                              story->configured, found, judgement->pinned_live);
    else
        judgement->sentence =
            g_strdup_printf("%s is another entry now (%s): deleted and created again, the one it was is %s",
                            story->configured, found, seen->id_answer == ID_GONE ? "gone" : "not visible");
    judgement->remedy = acceptance_tell(seen, judgement);
}

/* Both entries are there, and only people can tell which of them is the right one. */
static void explain_conflict(const struct story *story, struct judgement *judgement)
{
    bool is_taken = story->observation->found_dn != NULL;

    judgement->sentence =
        g_strdup_printf("%s lost its name in a replication conflict and is %s now%s", story->configured,
                        judgement->live, is_taken ? ", another entry has taken its place" : "");
    judgement->remedy = g_strdup_printf(
        "%s%s", is_taken ? "merge the two entries, delete the wrong one" : "see which entry is the right one",
        ", then give the pinned one its name back");
}

static void explain_tombstone(const struct story *story, struct judgement *judgement)
{
    const char *parent = story->observation->tombstone.last_parent;
    g_autofree char *below = parent ? dn_show(parent) : NULL;

    judgement->sentence = g_strdup_printf("%s was deleted%s%s", story->configured,
                                          below ? ", it was last below " : "", below ? below : "");
    judgement->remedy = g_strdup("restore the container or take it out of the consumer before its next run");
}

static void explain_deleted(const struct story *story, struct judgement *judgement)
{
    if (story->observation->tombstone.dn) {
        explain_tombstone(story, judgement);
        return;
    }
    judgement->sentence =
        g_strdup_printf("%s is no longer visible to %s: deleted, or moved where it may not read",
                        story->configured, story->bound_as);
    judgement->remedy = g_strdup("restore the container or take it out of the consumer before its next run");
}

/* The configured DN with the look-alike in place of the component that does not exist. */
static char *suggest(const struct story *story)
{
    const struct observation *seen = story->observation;
    g_autoptr(dn_t) configured = dn_read(story->expectation->configured, NULL, NULL);
    g_autoptr(dn_t) lookalike = dn_parse(seen->lookalike.dn, NULL, NULL);
    g_autoptr(dn_t) matched = dn_parse(seen->matched_dn ? seen->matched_dn : "", NULL, NULL);
    unsigned n_below = 0;

    if (!configured || !lookalike || !matched)
        return dn_show(seen->lookalike.dn);
    if (configured->n_rdns > matched->n_rdns + 1)
        n_below = configured->n_rdns - matched->n_rdns - 1;
    if (n_below == 0)
        return dn_show(seen->lookalike.dn);
    struct dn below = {configured->rdns, n_below};
    g_autofree char *head = dn_print(&below);
    g_autofree char *tail = dn_print(lookalike);
    return g_strdup_printf("%s,%s", head, tail);
}

/* Q260907: what was configured is a display name, or the right name under another type. */
static void explain_lookalike(const struct story *story, struct judgement *judgement)
{
    const struct lookalike *lookalike = &story->observation->lookalike;
    g_autofree char *leaf = leaf_of(lookalike->dn);
    g_autofree char *suggestion = suggest(story);
    const char *attribute = lookalike->attribute ? lookalike->attribute : "name";
    g_autofree char *found = NULL;

    if (strcmp(attribute, "type") == 0)
        found = g_strdup_printf("%s%s has the same name under another type",
                                lookalike->is_unique ? "" : "among others ", leaf);
    else
        found =
            g_strdup_printf("%s is the %s of an entry whose directory name is %s%s", judgement->first_missing,
                            attribute, leaf, lookalike->is_unique ? "" : ", among others");
    judgement->sentence = g_strdup_printf("%s does not exist at %s, but %s", story->configured,
                                          judgement->first_missing, found);
    judgement->remedy = configure_instead(story, suggestion);
}

static void explain_missing(const struct story *story, struct judgement *judgement)
{
    const struct observation *seen = story->observation;

    if (judgement->pinned_live) {
        judgement->sentence = g_strdup_printf("%s does not exist, the entry configured before is %s",
                                              story->configured, judgement->pinned_live);
        judgement->remedy = configure_instead(story, judgement->pinned_live);
        return;
    }
    if (seen->lookalike.dn && judgement->first_missing) {
        explain_lookalike(story, judgement);
        return;
    }
    if (seen->dn_answer == DN_OUTSIDE)
        judgement->sentence =
            g_strdup_printf("%s lies outside every naming context of the server", story->configured);
    else if (judgement->first_missing && seen->matched_dn && *seen->matched_dn) {
        g_autofree char *matched = dn_show(seen->matched_dn);
        judgement->sentence = g_strdup_printf("%s does not exist: there is no %s below %s", story->configured,
                                              judgement->first_missing, matched);
    } else
        judgement->sentence = g_strdup_printf("%s does not exist", story->configured);
    judgement->remedy = g_strdup("correct the configured DN or create the container");
}

static void explain_wrong_class(const struct story *story, struct judgement *judgement)
{
    const char *classes = story->observation->object_classes;

    judgement->sentence =
        g_strdup_printf("%s is not of object class %s but of %s", story->configured,
                        story->expectation->object_class, classes ? classes : "another one");
    judgement->remedy = g_strdup("configure the entry that is meant, or correct object_class");
}

static void explain_emptied(const struct story *story, struct judgement *judgement)
{
    const struct expectation *expected = story->expectation;
    const struct count *previous = &judgement->previous;
    g_autofree char *before =
        previous->answer == COUNT_COMPLETE || previous->answer == COUNT_AT_LEAST
            ? g_strdup_printf(", before there were %s%u",
                              previous->answer == COUNT_AT_LEAST ? "at least " : "", previous->number)
            : g_strdup("");

    judgement->sentence = g_strdup_printf(
        "%s is there, but %u entries that match %s are below it where at least %u are expected%s",
        story->configured, judgement->matching.number, expected->entry_filter, expected->min_entries, before);
    judgement->remedy = g_strdup("see who took the entries away before the consumer takes them for gone");
}

/* The entry is there, and what is expected of it cannot be told. */
static bool explain_hidden_holding(const struct story *story, struct judgement *judgement)
{
    const struct observation *seen = story->observation;
    const char *what = NULL;

    if (seen->object_class_answer == OBJECT_CLASS_UNREADABLE)
        what = "its object class";
    else if (seen->matching.answer == COUNT_HIDDEN)
        what = "the entries below it";
    if (!what)
        return false;
    judgement->sentence =
        g_strdup_printf("%s is there, but %s cannot be read by %s", story->configured, what, story->bound_as);
    judgement->remedy = g_strdup_printf("let %s read %s", story->bound_as, what);
    return true;
}

static bool is_absent(const struct observation *observation)
{
    return observation->dn_answer == DN_ABSENT || observation->dn_answer == DN_OUTSIDE;
}

static void explain_hidden(const struct story *story, struct judgement *judgement)
{
    const char *what = "may be hidden from";

    if (explain_hidden_holding(story, judgement))
        return;
    if (story->observation->dn_answer == DN_ENTRY_BARE || story->observation->dn_answer == DN_ENTRY)
        what = "is there, but its pinned identity cannot be read by";
    else if (story->observation->id_answer == ID_REFUSED && is_absent(story->observation))
        what = "is gone from its place, and its identity cannot be looked up by";
    judgement->sentence = g_strdup_printf("%s %s %s", story->configured, what, story->bound_as);
    judgement->remedy =
        g_strdup_printf("let %s read the container, its identity attribute and the entries above it, and "
                        "search by that attribute from the naming context",
                        story->bound_as);
}

static void explain_unreachable(const struct story *story, struct judgement *judgement)
{
    g_autofree char *failure = explain_failure(&story->observation->failure);

    judgement->sentence = g_strdup_printf("%s could not be compared: %s", story->configured, failure);
}

static void explain_untold(const struct failure *why, struct judgement *judgement)
{
    judgement->sentence = g_strdup_printf("the consumer does not tell its DN: %s", why->text);
    judgement->remedy = g_strdup("mend that, or correct dn_from");
}

static void explain_invalid(const struct story *story, struct judgement *judgement)
{
    if (story->observation->dn_answer == DN_UNTOLD) {
        explain_untold(&story->observation->failure, judgement);
        return;
    }
    judgement->sentence = g_strdup_printf("the server does not take %s for a DN", story->configured);
    judgement->remedy = g_strdup("correct the configured DN: an attribute type may be misspelled");
}

/* Who changed it, and how many entries that concerns. */
static void add_details(struct judgement *judgement)
{
    const struct count *entries = &judgement->entries;
    bool is_counted = entries->answer == COUNT_COMPLETE || entries->answer == COUNT_AT_LEAST;
    g_autofree char *changed = attribution_explain(&judgement->changed);
    g_autofree char *below = NULL;
    char *sentence = judgement->sentence;

    if (verdict_class(judgement->verdict) != CLASS_DRIFT)
        return;
    if (is_counted && judgement->verdict != VERDICT_EMPTIED)
        below = g_strdup_printf("%s%u entr%s below it", entries->answer == COUNT_AT_LEAST ? "at least " : "",
                                entries->number, entries->number == 1 ? "y is" : "ies are");
    judgement->sentence = g_strdup_printf("%s%s%s%s%s", sentence, changed ? ", " : "", changed ? changed : "",
                                          below ? ", " : "", below ? below : "");
    g_free(sentence);
}

void explain(const struct expectation *expectation, const struct observation *observation,
             const struct relocation *relocation, struct judgement *judgement)
{
    static void (*const explainers[VERDICT_COUNT])(const struct story *, struct judgement *) = {
        [VERDICT_INVALID] = explain_invalid,         [VERDICT_UNREACHABLE] = explain_unreachable,
        [VERDICT_HIDDEN] = explain_hidden,           [VERDICT_CONFLICT] = explain_conflict,
        [VERDICT_REPLACED] = explain_replaced,       [VERDICT_MOVED] = explain_moved,
        [VERDICT_RENAMED] = explain_renamed,         [VERDICT_ANCESTOR_RENAMED] = explain_ancestor_renamed,
        [VERDICT_DELETED] = explain_deleted,         [VERDICT_MISSING] = explain_missing,
        [VERDICT_WRONG_CLASS] = explain_wrong_class, [VERDICT_EMPTIED] = explain_emptied,
        [VERDICT_SPELLING] = explain_spelling,
    };
    if (!explainers[judgement->verdict])
        return; /* a match needs no words, and is what nearly every comparison leads to */
    g_autofree char *configured =
        expectation->configured ? dn_show(expectation->configured) : g_strdup("the DN");
    const char *bound_as = expectation->bound_as ? expectation->bound_as : "this account";
    struct story story = {expectation, observation, relocation, configured, bound_as};

    if (!expectation->attribute || !explain_value(expectation, observation, judgement))
        explainers[judgement->verdict](&story, judgement);
    add_details(judgement);
}
