#include "tell.h"

#include <string.h>

#include "bulletin.h"
#include "dn/print.h"
#include "dn/text.h"

static char *tell(const struct judgement *judgement)
{
    if (judgement->remedy)
        return g_strconcat(judgement->sentence, " - ", judgement->remedy, NULL);
    return g_strdup(judgement->sentence);
}

static char *tell_reminder(const struct watch_state *state)
{
    g_autofree char *since = wall_time_format(state->alarm.wall_since_ms);
    g_autofree char *told = tell(&state->shown);

    return g_strdup_printf("still so since %s: %s", since, told);
}

static char *tell_recovered(const struct watch_state *state, const struct watch_outcome *outcome)
{
    g_autofree char *since = wall_time_format(outcome->wall_previous_ms);
    g_autofree char *configured = dn_show(state->configured);
    const char *spelling = "";
    const char *was = verdict_name(outcome->previous);

    if (state->shown.verdict == VERDICT_SPELLING)
        spelling = g_strcmp0(configured, state->shown.live) != 0
                       ? ", though spelled otherwise"
                       : ", though it does not begin with the value of its parent";
    return g_strdup_printf("%s leads to the right entry again%s, it was %s since %s", configured, spelling,
                           was ? was : "not judged", since ? since : "the start");
}

static char *tell_pinned(const struct watch_state *state)
{
    g_autofree char *configured = dn_show(state->configured);
    g_autofree char *identity = text_clean(state->pin.identity, strlen(state->pin.identity));

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

static char *tell_removed(const struct watch_state *state)
{
    return g_strdup_printf("no longer watched, it was %s until now", verdict_name(state->alarm.verdict));
}

char *tell_watch(enum word word, const struct watch_state *state, const struct watch_outcome *outcome,
                 const char *before)
{
    switch (word) {
    case WORD_REMINDER:
        return tell_reminder(state);
    case WORD_RECOVERED:
        return tell_recovered(state, outcome);
    case WORD_PINNED:
        return tell_pinned(state);
    case WORD_EDITED:
        return tell_edited(state, before);
    case WORD_REMOVED:
        return tell_removed(state);
    case WORD_VERIFIABLE:
        return g_strdup("it can be compared again");
    default:
        return tell(&outcome->judgement);
    }
}

static char *list_names(GPtrArray *names)
{
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; i < names->len && i < BULLETIN_NAMES; i++)
        g_string_append_printf(list, "%s%s", i ? ", " : "", (const char *)names->pdata[i]);
    if (names->len > BULLETIN_NAMES)
        g_string_append_printf(list, " and %u more", names->len - BULLETIN_NAMES);
    return g_string_free(list, FALSE);
}

static char *tell_caused(const struct alert *first, unsigned n, const char *list, const struct cause *cause)
{
    g_autofree char *why =
        g_strdup_printf("%s was %s to %s", cause->was, cause->is_moved ? "moved" : "renamed", cause->is);

    if (first->word == WORD_RECOVERED)
        return g_strdup_printf("%u watches lead to the right entry again, as before %s: %s", n, why, list);
    return g_strdup_printf("%s%u watches lead nowhere because %s: %s - name it back, or configure what "
                           "/watches/NAME tells of each",
                           first->word == WORD_REMINDER ? "still so: " : "", n, why, list);
}

char *tell_many(const struct alert *first, GPtrArray *names, const struct cause *cause)
{
    g_autofree char *list = list_names(names);

    if (cause)
        return tell_caused(first, names->len, list, cause);
    switch (first->word) {
    case WORD_PINNED:
        return g_strdup_printf("%u watches are pinned to their entries: %s", names->len, list);
    case WORD_SPELLING:
        return g_strdup_printf("%u watches lead to the right entry but are spelled otherwise: %s", names->len,
                               list);
    default:
        return g_strdup_printf("%u watches are %s, such as %s (%s): %s", names->len, first->tags[TAG_VERDICT],
                               first->tags[TAG_WATCH], first->sentence, list);
    }
}
