#include "ctl/finding.h"

#include "dn/print.h"

static bool is_pinned(const struct watch_state *state)
{
    return state->pin.identity != NULL;
}

static bool is_conclusive(const struct watch_state *state)
{
    enum verdict_class class = verdict_class(state->alarm.verdict);

    return class == CLASS_OK || class == CLASS_DRIFT;
}

enum plugin_status finding_status(const struct watch_state *state, bool needs_pin)
{
    switch (verdict_class(state->alarm.verdict)) {
    case CLASS_DRIFT:
        return PLUGIN_CRITICAL;
    case CLASS_OK:
        if (state->is_strict && state->alarm.verdict == VERDICT_SPELLING)
            return PLUGIN_WARNING;
        return needs_pin && !is_pinned(state) ? PLUGIN_WARNING : PLUGIN_OK;
    default:
        return PLUGIN_UNKNOWN;
    }
}

/* The judge is silent about a match. */
static char *tell_match(const struct watch_state *state)
{
    g_autofree char *configured = dn_show(state->configured);

    return g_strdup_printf("%s leads to %s", configured, is_pinned(state) ? "the right entry" : "an entry");
}

char *finding_text(const struct watch_state *state)
{
    const struct judgement *shown = &state->shown;
    g_autofree char *sentence = shown->sentence ? g_strdup(shown->sentence) : tell_match(state);

    return g_strdup_printf("%s %s: %s%s%s%s", state->watch, verdict_name(state->alarm.verdict), sentence,
                           shown->remedy ? " - " : "", shown->remedy ? shown->remedy : "",
                           is_conclusive(state) && !is_pinned(state) ? " (not pinned)" : "");
}
