#include "tell.h"

#include <string.h>

#include "bulletin.h"
#include "dn/print.h"
#include "judge/explain.h"

/* "2026-11-23T20:15:00Z (2h 10m)" */
static char *tell_since(int64_t wall_ms, struct now now)
{
    g_autofree char *since = wall_time_format(wall_ms);
    g_autofree char *age = age_format(now.wall_ms - wall_ms);

    return since ? g_strdup_printf("%s (%s)", since, age) : g_strdup("the start");
}

static char *tell_flapping(const struct quiet *quiet, struct now now)
{
    g_autofree char *since = tell_since(quiet->wall_first_ms, now);

    return g_strdup_printf("%u changes between drift and ok since %s", quiet->n_changes, since);
}

/* What comes after alerts that waited. */
static char *tell_ended(enum word word, const struct watch_state *state, const struct quiet *ended,
                        struct now now)
{
    g_autofree char *since = tell_since(state->alarm.wall_since_ms, now);
    g_autofree char *silent_since = tell_since(ended->wall_since_ms, now);
    g_autofree char *changes = tell_flapping(ended, now);

    if (ended->n_changes > 0)
        return g_strdup_printf("steady since %s, after %s", since, changes);
    if (word != WORD_RECOVERED)
        return g_strdup_printf("so since %s, which was not told while it was silenced", since);
    if (ended->n_drifts > 0)
        return g_strdup_printf("after it drifted %u time%s while it was silenced since %s", ended->n_drifts,
                               ended->n_drifts == 1 ? "" : "s", silent_since);
    return g_strdup_printf("since %s, which was not told while it was silenced", since);
}

/* What besides the judgement there is to say; NULL: nothing. */
static char *tell_aside(enum word word, const struct watch_state *state, const struct watch_outcome *outcome,
                        struct now now)
{
    g_autofree char *changes = tell_flapping(&state->alarm.quiet, now);
    g_autofree char *previous = tell_since(outcome ? outcome->wall_previous_ms : 0, now);

    if (outcome && outcome->result.ended.wall_since_ms)
        return tell_ended(word, state, &outcome->result.ended, now);
    if (state->alarm.quiet.is_flapping)
        return g_strdup_printf("it flaps: %s, more are only summed up", changes);
    return word == WORD_CHANGED ? g_strdup_printf("it has drifted since %s", previous) : NULL;
}

static char *tell_judgement(const struct judgement *judgement, const char *aside)
{
    return g_strconcat(judgement->sentence, aside ? ", " : "", aside ? aside : "",
                       judgement->remedy ? " - " : NULL, judgement->remedy, NULL);
}

static char *tell_reminder(const struct watch_state *state, const char *aside, struct now now)
{
    g_autofree char *since = tell_since(state->alarm.wall_since_ms, now);
    g_autofree char *told = NULL;

    if (!state->alarm.is_drift_open)
        return g_strdup_printf("it is %s since %s, %s", verdict_name(state->alarm.verdict), since, aside);
    told = tell_judgement(&state->shown, aside);
    return g_strdup_printf("still so since %s: %s", since, told);
}

static char *tell_recovered(const struct watch_state *state, const struct watch_outcome *outcome,
                            const char *aside, struct now now)
{
    g_autofree char *since = tell_since(outcome->wall_previous_ms, now);
    g_autofree char *seen = tell_since(state->wall_last_compared_ms, now);
    g_autofree char *configured = dn_show(state->configured);
    const char *spelling = "";
    const char *was = verdict_name(outcome->previous);

    if (state->shown.verdict == VERDICT_SPELLING)
        spelling = g_strcmp0(configured, state->shown.live) != 0
                       ? ", though spelled otherwise"
                       : ", though it does not begin with the value of its parent";
    if (verdict_class(state->alarm.verdict) == CLASS_UNVERIFIABLE) /* after alerts that waited */
        return g_strdup_printf("%s led to the right entry when it was last compared, at %s, now it is %s",
                               configured, seen, verdict_name(state->alarm.verdict));
    if (outcome->result.ended.wall_since_ms)
        return g_strdup_printf("%s leads to the right entry%s, %s", configured, spelling, aside);
    return g_strdup_printf("%s leads to the right entry again%s, it was %s since %s%s%s", configured,
                           spelling, was ? was : "not judged", since, aside ? ", " : "", aside ? aside : "");
}

static char *tell_pinned(const struct watch_state *state)
{
    g_autofree char *configured = dn_show(state->configured);
    const char *identity = state->pin.identity;

    if (state->pin.is_lookup_refused)
        return g_strdup_printf(
            "%s is %s from now on, but a rename could not be followed: the server refuses to look this "
            "identity up - "
            "let the account search by that attribute from the naming context and read the entries above",
            configured, identity);
    return g_strdup_printf("%s is %s from now on", configured, identity);
}

static char *tell_edited(const struct watch_state *state, const char *before)
{
    g_autofree char *was = dn_show(before);
    g_autofree char *is = dn_show(state->configured);

    return g_strdup_printf("the configured value was changed from %s to %s", was, is);
}

static char *tell_removed(const struct watch_state *state, struct now now)
{
    g_autofree char *since = tell_since(state->alarm.wall_since_ms, now);

    return g_strdup_printf("no longer watched by this daemon, it was %s since %s",
                           verdict_name(state->alarm.verdict), since);
}

char *tell_watch(enum word word, const struct watch_state *state, const struct watch_outcome *outcome,
                 const char *before, struct now now)
{
    g_autofree char *aside = tell_aside(word, state, outcome, now);

    switch (word) {
    case WORD_REMINDER:
        return tell_reminder(state, aside, now);
    case WORD_RECOVERED:
        return tell_recovered(state, outcome, aside, now);
    case WORD_PINNED:
        return tell_pinned(state);
    case WORD_EDITED:
        return tell_edited(state, before);
    case WORD_REMOVED:
        return tell_removed(state, now);
    case WORD_VERIFIABLE:
        return g_strdup("it can be compared again");
    default:
        return tell_judgement(outcome->judgement.verdict ? &outcome->judgement : &state->shown, aside);
    }
}

/* The judgement that is shown may be the one on a drift, which is open as well. */
static char *tell_open_aside(enum word word, const struct watch_state *state)
{
    g_autofree char *why = explain_failure(&state->last_failure);

    if (word == WORD_INVALID)
        return g_strdup("what it is configured with cannot be read, or is no DN");
    return g_strdup_printf("it cannot be compared: %s",
                           state->last_failure.text ? why : "it cannot be reached");
}

char *tell_open(enum word word, const struct watch_state *state, struct now now)
{
    enum verdict_class class = verdict_class(state->shown.verdict);
    g_autofree char *aside = tell_aside(word, state, NULL, now);

    if (word == WORD_DRIFT && !state->alarm.is_drift_open)
        return tell_reminder(state, aside ? aside : "", now);
    if ((word == WORD_INVALID && class != CLASS_CONFIGURATION) ||
        (word == WORD_UNVERIFIABLE && class != CLASS_UNVERIFIABLE))
        return tell_open_aside(word, state);
    return tell_judgement(&state->shown, aside);
}

char *tell_cause(const struct cause *cause)
{
    return g_strdup_printf("%s was %s to %s", cause->was, cause->is_moved ? "moved" : "renamed", cause->is);
}

static char *list_names(const GPtrArray *names)
{
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; i < names->len && i < BULLETIN_NAMES; i++)
        g_string_append_printf(list, "%s%s", i ? ", " : "", (const char *)names->pdata[i]);
    if (names->len > BULLETIN_NAMES)
        g_string_append_printf(list, " and %u more", names->len - BULLETIN_NAMES);
    return g_string_free(list, FALSE);
}

static char *tell_caused(const struct alert *first, const struct crowd *crowd, const char *list)
{
    g_autofree char *age = age_format(crowd->age_ms);
    g_autofree char *why = tell_cause(&crowd->cause);
    const char *flaps = crowd->is_flapping ? ", and as they flap more is only summed up" : "";

    if (first->word == WORD_RECOVERED)
        return g_strdup_printf("%u watches lead to the right entry again, as before %s%s: %s",
                               crowd->names->len, why, flaps, list);
    return g_strdup_printf("%s%u watches lead nowhere because %s, since %s (%s)%s: %s - name it back, or "
                           "configure what /watches/NAME tells of each",
                           first->word == WORD_REMINDER ? "still so: " : "", crowd->names->len, why,
                           first->tags[TAG_SINCE], age, flaps, list);
}

char *tell_many(const struct alert *first, const struct crowd *crowd)
{
    const GPtrArray *names = crowd->names;
    g_autofree char *list = list_names(names);

    if (crowd->cause.is)
        return tell_caused(first, crowd, list);
    switch (first->word) {
    case WORD_PINNED:
        return g_strdup_printf("%u watches are pinned to their entries: %s", names->len, list);
    case WORD_SPELLING:
        return g_strdup_printf("%u watches lead to the right entry but are spelled otherwise: %s", names->len,
                               list);
    case WORD_RECOVERED:
        return g_strdup_printf("%u watches lead to the right entry, such as %s (%s): %s", names->len,
                               first->tags[TAG_WATCH], first->sentence, list);
    default:
        return g_strdup_printf("%u watches are %s, such as %s (%s): %s", names->len, first->tags[TAG_VERDICT],
                               first->tags[TAG_WATCH], first->sentence, list);
    }
}
