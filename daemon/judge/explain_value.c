#include "judge/explain_value.h"

#include <string.h>

#include "dn/print.h"
#include "judge/acceptance.h"
#include "judge/prefix.h"

/* What the explainers need. */
struct tale {
    const struct expectation *expectation;
    const struct observation *observation;
    const char *attribute;
    const char *configured;
    const char *bound_as;
    char *entry; /* the DN of the one that it is about */
};

static bool explain_spelling(const struct tale *tale, struct judgement *judgement)
{
    const char *parent = prefix_lacking(tale->expectation, tale->observation);

    if (strcmp(judgement->live, tale->configured) != 0) {
        judgement->sentence = g_strdup_printf(
            "the entry is the right one, and the directory spells its %s %s%s%s", tale->attribute,
            judgement->live, parent ? ", which does not begin with that of its parent, " : "",
            parent ? parent : "");
        judgement->remedy = g_strdup_printf("configure %s", judgement->live);
        return true;
    }
    judgement->sentence = g_strdup_printf(
        "the value is right, but it does not begin with that of its parent, %s", parent ? parent : "");
    judgement->remedy = g_strdup_printf("see which of the two has the wrong %s", tale->attribute);
    return true;
}

/* Some servers show an entry without what may not be read of it as if it were not there. */
static char *tell_none(const struct tale *tale)
{
    return g_strdup_printf("none, as far as %s may read", tale->bound_as);
}

static bool explain_renamed(const struct tale *tale, struct judgement *judgement)
{
    const char *live = judgement->live;
    g_autofree char *now = live ? g_strdup_printf("%s now", live) : tell_none(tale);

    judgement->sentence = g_strdup_printf("%s is no longer the %s of %s, which has %s", tale->configured,
                                          tale->attribute, tale->entry, now);
    judgement->remedy = live ? g_strdup_printf("configure %s", live)
                             : g_strdup_printf("give the entry its %s back or take it out of the consumer "
                                               "before its next run",
                                               tale->attribute);
    return true;
}

/* What has become of the one that bore it. */
static char *tell_pinned(const struct tale *tale, const struct judgement *judgement)
{
    switch (tale->observation->id_answer) {
    case ID_FOUND:
        return g_strdup_printf("has %s", judgement->pinned_live);
    case ID_VALUELESS:
        return g_strdup("has none");
    case ID_VALUE_HIDDEN:
        return g_strdup("shows none");
    case ID_GONE:
        return g_strdup("is gone");
    default:
        return g_strdup("is not visible");
    }
}

static bool explain_replaced(const struct tale *tale, struct judgement *judgement)
{
    const char *identity = tale->observation->found_identity;
    g_autofree char *pinned = tell_pinned(tale, judgement);

    judgement->sentence = g_strdup_printf(
        "%s is the %s of another entry now, %s (%s), and the one that had it %s", tale->configured,
        tale->attribute, tale->entry, identity ? identity : "identity unreadable", pinned);
    judgement->remedy = acceptance_tell(tale->observation, judgement);
    return true;
}

/* The entry that `find` leads to, beside which nobody bears the value. */
static char *tell_found(const struct tale *tale, const struct judgement *judgement)
{
    const struct lookalike *found = &tale->observation->lookalike;

    if (!tale->expectation->find || judgement->pinned_live)
        return g_strdup("");
    if (found->dn && judgement->live)
        return g_strdup_printf(", but %s, which find leads to, has %s", tale->entry, judgement->live);
    if (found->dn)
        return g_strdup(", and find leads to more than one entry");
    if (tale->observation->entry_dn) {
        g_autofree char *none = tell_none(tale);
        return g_strdup_printf(", and %s, which find leads to, has %s", tale->entry, none);
    }
    return g_strdup(", and find leads to no entry");
}

static bool explain_missing(const struct tale *tale, struct judgement *judgement)
{
    g_autofree char *found = tell_found(tale, judgement);
    const char *before = judgement->pinned_live;

    judgement->sentence = g_strdup_printf(
        "no entry that %s can see has the %s %s%s%s%s", tale->bound_as, tale->attribute, tale->configured,
        found, before ? ", the entry configured before has " : "", before ? before : "");
    judgement->remedy =
        judgement->live
            ? g_strdup_printf("configure %s", judgement->live)
            : g_strdup_printf("correct the configured value or give the entry its %s", tale->attribute);
    return true;
}

static bool explain_hidden(const struct tale *tale, struct judgement *judgement)
{
    const struct observation *seen = tale->observation;
    bool is_found = seen->dn_answer == DN_ENTRY || seen->dn_answer == DN_ENTRY_BARE;

    if (is_found && seen->id_answer != ID_VALUE_HIDDEN)
        return false;
    if (seen->entry_dn && !is_found)
        judgement->sentence =
            g_strdup_printf("%s is there, but shows no %s to %s: it has none, or may not be read",
                            tale->entry, tale->attribute, tale->bound_as);
    else if (seen->id_answer == ID_REFUSED)
        judgement->sentence = g_strdup_printf(
            "no entry that %s can see has the %s %s, and the one that had it cannot be looked up",
            tale->bound_as, tale->attribute, tale->configured);
    else
        judgement->sentence =
            g_strdup_printf("the %s %s may be hidden from %s%s", tale->attribute, tale->configured,
                            tale->bound_as, seen->dn_answer == DN_EMPTY ? ", or unknown to the server" : "");
    judgement->remedy = g_strdup_printf(
        "let %s read %s and the identity of the entry, and search by both from the naming context",
        tale->bound_as, tale->attribute);
    return true;
}

bool explain_value(const struct expectation *expectation, const struct observation *observation,
                   struct judgement *judgement)
{
    static bool (*const explainers[VERDICT_COUNT])(const struct tale *, struct judgement *) = {
        [VERDICT_HIDDEN] = explain_hidden,     [VERDICT_REPLACED] = explain_replaced,
        [VERDICT_RENAMED] = explain_renamed,   [VERDICT_MISSING] = explain_missing,
        [VERDICT_SPELLING] = explain_spelling,
    };
    if (!explainers[judgement->verdict])
        return false;
    const char *configured = expectation->configured;
    const char *bound_as = expectation->bound_as ? expectation->bound_as : "this account";
    g_autofree char *entry = observation->entry_dn ? dn_show(observation->entry_dn) : g_strdup("the entry");
    struct tale tale = {expectation, observation, expectation->attribute, configured, bound_as, entry};

    return explainers[judgement->verdict](&tale, judgement);
}
