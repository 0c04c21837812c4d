#include "judge/replicas.h"

#include "dn/print.h"
#include "judge/vintage.h"

#define MAX_REPLICAS 16 /* servers of a directory */

struct panel {
    struct judgement judgements[MAX_REPLICAS];
    const struct observation *observations[MAX_REPLICAS];
    unsigned n;
};

static void panel_add(struct panel *panel, const struct expectation *expectation,
                      const struct observation *observation)
{
    if (panel->n >= MAX_REPLICAS)
        return;
    panel->observations[panel->n] = observation;
    judge(expectation, observation, &panel->judgements[panel->n++]);
}

static bool is_conclusive(const struct judgement *judgement)
{
    enum verdict_class class = verdict_class(judgement->verdict);

    return class == CLASS_OK || class == CLASS_DRIFT;
}

/* Two replicas may spell an entry differently; in a drift the value to put back has to be the same. */
static bool is_agreed(const struct judgement *a, const struct judgement *b)
{
    if (verdict_class(a->verdict) == CLASS_OK)
        return verdict_class(b->verdict) == CLASS_OK;
    return a->verdict == b->verdict && g_strcmp0(a->live, b->live) == 0 &&
           g_strcmp0(a->replacement, b->replacement) == 0;
}

/* The one to speak for all: of the conclusive ones that which is preferred, else the first; else the first.
 */
static unsigned panel_speaker(const struct panel *panel, const char *prefer)
{
    unsigned speaker = panel->n;

    for (unsigned i = 0; i < panel->n; i++) {
        if (!is_conclusive(&panel->judgements[i]))
            continue;
        if (prefer && g_strcmp0(panel->judgements[i].server, prefer) == 0)
            return i;
        speaker = MIN(speaker, i);
    }
    return speaker < panel->n ? speaker : 0;
}

static bool panel_is_split(const struct panel *panel, unsigned speaker)
{
    for (unsigned i = 0; i < panel->n; i++)
        if (is_conclusive(&panel->judgements[i]) &&
            !is_agreed(&panel->judgements[speaker], &panel->judgements[i]))
            return true;
    return false;
}

/* The replica whose data is shown to be newer than that of each other; panel->n: none is. */
static unsigned panel_newest(const struct panel *panel)
{
    for (unsigned i = 0; i < panel->n; i++) {
        bool is_newest = is_conclusive(&panel->judgements[i]);

        for (unsigned j = 0; j < panel->n && is_newest; j++)
            is_newest =
                j == i || !is_conclusive(&panel->judgements[j]) ||
                vintage_compare(panel->judgements[i].vintage, panel->judgements[j].vintage) == VINTAGE_NEWER;
        if (is_newest)
            return i;
    }
    return panel->n;
}

static void append_statement(GString *text, const struct judgement *said)
{
    g_autofree char *server = dn_show(said->server ? said->server : "a server");
    g_autofree char *vintage = said->vintage ? dn_show(said->vintage) : NULL;

    g_string_append_printf(text, "%s says %s", server, verdict_name(said->verdict));
    if (said->live && verdict_class(said->verdict) == CLASS_DRIFT)
        g_string_append_printf(text, " (%s)", said->live);
    if (vintage)
        g_string_append_printf(text, " [%s]", vintage);
}

static char *panel_statements(const struct panel *panel)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < panel->n; i++) {
        if (!is_conclusive(&panel->judgements[i]))
            continue;
        g_string_append(text, text->len ? " and " : "");
        append_statement(text, &panel->judgements[i]);
    }
    return g_string_free(text, FALSE);
}

static void call_split(struct judgement *judgement, char *sentence)
{
    judgement->verdict = VERDICT_SPLIT;
    judgement->pin_action = PIN_KEEP;
    g_free(judgement->sentence);
    judgement->sentence = sentence;
    g_free(judgement->remedy);
    judgement->remedy = g_strdup("see why the change does not reach all servers");
}

static unsigned judge_split(const struct panel *panel, struct judgement *ret_judgement)
{
    unsigned newest = panel_newest(panel), speaker = newest < panel->n ? newest : panel_speaker(panel, NULL);
    g_autofree char *said = panel_statements(panel);

    judgement_copy(&panel->judgements[speaker], ret_judgement);
    if (newest == panel->n)
        g_clear_pointer(&ret_judgement->live, g_free);
    call_split(ret_judgement, g_strdup_printf("the replicas disagree: %s", said));
    return speaker;
}

const struct observation *replicas_judge(const struct expectation *expectation,
                                         const struct observation *observation, const char *prefer,
                                         struct judgement *ret_judgement)
{
    struct panel panel = {.n = 0};

    if (!observation->others) {
        judge(expectation, observation, ret_judgement);
        return observation;
    }
    *ret_judgement = (struct judgement){0};
    panel_add(&panel, expectation, observation);
    for (unsigned i = 0; i < observation->others->len; i++)
        panel_add(&panel, expectation, observation->others->pdata[i]);
    unsigned speaker = panel_speaker(&panel, prefer);
    if (panel_is_split(&panel, speaker))
        speaker = judge_split(&panel, ret_judgement);
    else
        judgement_copy(&panel.judgements[speaker], ret_judgement);
    for (unsigned i = 0; i < panel.n; i++)
        judgement_clear(&panel.judgements[i]);
    return panel.observations[speaker];
}

void replicas_call_behind(const char *newer_server, const char *newer_vintage, struct judgement *judgement)
{
    g_autofree char *server = dn_show(newer_server), *vintage = dn_show(newer_vintage);
    GString *text = g_string_new("the replicas disagree: ");

    append_statement(text, judgement);
    g_string_append_printf(text, ", which is behind what %s had shown [%s]", server, vintage);
    call_split(judgement, g_string_free(text, FALSE));
}
