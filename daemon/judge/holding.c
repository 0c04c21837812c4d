#include "judge/holding.h"

static enum verdict judge_class(const struct expectation *expectation, const struct observation *observation)
{
    if (!expectation->object_class)
        return VERDICT_MATCH;
    switch (observation->object_class_answer) {
    case OBJECT_CLASS_OTHER:
        return VERDICT_WRONG_CLASS;
    case OBJECT_CLASS_UNREADABLE:
        return VERDICT_HIDDEN;
    case OBJECT_CLASS_FAILED:
        return VERDICT_UNREACHABLE;
    default:
        return VERDICT_MATCH;
    }
}

static enum verdict judge_count(const struct expectation *expectation, const struct observation *observation)
{
    const struct count *matching = &observation->matching;

    if (expectation->min_entries == 0)
        return VERDICT_MATCH;
    switch (matching->answer) {
    case COUNT_COMPLETE:
        return matching->number < expectation->min_entries ? VERDICT_EMPTIED : VERDICT_MATCH;
    case COUNT_AT_LEAST:
        return matching->number < expectation->min_entries ? VERDICT_UNREACHABLE : VERDICT_MATCH;
    case COUNT_HIDDEN:
        return VERDICT_HIDDEN;
    case COUNT_FAILED:
        return VERDICT_UNREACHABLE;
    default:
        return VERDICT_MATCH;
    }
}

void holding_judge(const struct expectation *expectation, const struct observation *observation,
                   struct judgement *judgement)
{
    if (verdict_class(judgement->verdict) != CLASS_OK)
        return;
    enum verdict verdict = judge_class(expectation, observation);
    if (verdict == VERDICT_MATCH)
        verdict = judge_count(expectation, observation);
    if (verdict == VERDICT_MATCH)
        return;
    judgement->verdict = verdict;
    judgement->pin_action = PIN_KEEP;
}
