/* The memory of judgements, pins and ancestors. */
#include "judge/judge.h"

void cause_clear(struct cause *cause)
{
    g_free(cause->was);
    g_free(cause->is);
    *cause = (struct cause){0};
}

void cause_copy(const struct cause *from, struct cause *to)
{
    cause_clear(to);
    *to = (struct cause){g_strdup(from->was), g_strdup(from->is), from->is_moved};
}

void judgement_clear(struct judgement *judgement)
{
    g_free(judgement->live);
    g_free(judgement->first_missing);
    g_free(judgement->identity);
    g_free(judgement->pinned_live);
    g_free(judgement->replacement);
    g_free(judgement->certainty);
    cause_clear(&judgement->cause);
    failure_clear(&judgement->failure);
    g_free(judgement->server);
    g_free(judgement->vintage);
    stamp_clear(&judgement->changed);
    g_free(judgement->sentence);
    g_free(judgement->remedy);
    *judgement = (struct judgement){0};
}

void judgement_copy(const struct judgement *from, struct judgement *to)
{
    judgement_clear(to);
    *to = *from;
    to->live = g_strdup(from->live);
    to->first_missing = g_strdup(from->first_missing);
    to->identity = g_strdup(from->identity);
    to->pinned_live = g_strdup(from->pinned_live);
    to->replacement = g_strdup(from->replacement);
    to->certainty = g_strdup(from->certainty);
    to->cause = (struct cause){0};
    cause_copy(&from->cause, &to->cause);
    to->failure.text = g_strdup(from->failure.text);
    to->server = g_strdup(from->server);
    to->vintage = g_strdup(from->vintage);
    to->changed.by = g_strdup(from->changed.by);
    to->changed.origin = g_strdup(from->changed.origin);
    to->sentence = g_strdup(from->sentence);
    to->remedy = g_strdup(from->remedy);
}

void pin_clear(struct pin *pin)
{
    g_free(pin->identity);
    g_free(pin->dn);
    g_free(pin->configured);
    g_free(pin->parent_identity);
    *pin = (struct pin){0};
}

struct ancestor *ancestor_new(const char *identity, const char *dn, const char *parent_identity)
{
    struct ancestor *ancestor = g_new0(struct ancestor, 1);

    ancestor->identity = g_strdup(identity);
    ancestor->dn = g_strdup(dn);
    ancestor->parent_identity = g_strdup(parent_identity);
    return ancestor;
}

void ancestor_free(struct ancestor *ancestor)
{
    if (!ancestor)
        return;
    g_free(ancestor->identity);
    g_free(ancestor->dn);
    g_free(ancestor->parent_identity);
    g_free(ancestor);
}
