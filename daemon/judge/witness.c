#include "judge/witness.h"

#include "judge/vintage.h"

static bool needs_trust(const struct alarm *alarm, const struct judgement *judgement, bool is_edited)
{
    if (verdict_class(judgement->verdict) == CLASS_DRIFT)
        return !alarm->is_drift_open || alarm->verdict != judgement->verdict;
    return !is_edited && (alarm->is_drift_open || alarm->drift_count > 0);
}

static bool is_not_older(enum vintage_order order)
{
    return order == VINTAGE_SAME || order == VINTAGE_NEWER;
}

/* Right and spelled otherwise is the same news. */
static bool is_like(enum verdict a, enum verdict b)
{
    return a == b || (verdict_class(a) == CLASS_OK && verdict_class(b) == CLASS_OK);
}

bool hearsay_is_fresh(struct hearsay *hearsay, enum verdict verdict, int64_t after_ms, struct now now)
{
    if (!hearsay->boot_since_ms || !is_like(hearsay->verdict, verdict))
        *hearsay = (struct hearsay){now.boot_ms, verdict};
    return now.boot_ms - hearsay->boot_since_ms < after_ms;
}

enum trust witness_trust(const struct witness *witness, struct hearsay *hearsay, const struct alarm *alarm,
                         const struct judgement *judgement, bool is_edited, int64_t split_after_ms,
                         struct now now)
{
    enum vintage_order order = vintage_compare(judgement->vintage, witness->vintage);
    bool is_same = !witness->server || g_strcmp0(witness->server, judgement->server) == 0;

    if (is_same || is_not_older(order) || !needs_trust(alarm, judgement, is_edited)) {
        *hearsay = (struct hearsay){0};
        return TRUST_FULL;
    }
    if (hearsay_is_fresh(hearsay, judgement->verdict, split_after_ms, now))
        return TRUST_HELD;
    return verdict_class(judgement->verdict) == CLASS_DRIFT && order == VINTAGE_OLDER ? TRUST_BEHIND
                                                                                      : TRUST_FULL;
}

static void note(GRefString **ref, const char *text)
{
    if (g_strcmp0(*ref, text) == 0)
        return;
    g_clear_pointer(ref, g_ref_string_release);
    *ref = text ? g_ref_string_new_intern(text) : NULL;
}

void witness_note(struct witness *witness, const struct judgement *judgement)
{
    note(&witness->server, judgement->server);
    note(&witness->vintage, judgement->vintage);
}

void witness_clear(struct witness *witness)
{
    g_clear_pointer(&witness->server, g_ref_string_release);
    g_clear_pointer(&witness->vintage, g_ref_string_release);
}
