/* Whether the entry is what it should be and holds what it should: its object class, the entries below it. */
#ifndef DNDRIFT_JUDGE_HOLDING_H
#define DNDRIFT_JUDGE_HOLDING_H

#include "judge/judge.h"

/* An ok verdict becomes `wrong-class` or `emptied` where the expectation is not met, `hidden` or
 * `unreachable` where that cannot be told; then nothing is pinned either. Other verdicts stay. */
void holding_judge(const struct expectation *expectation, const struct observation *observation,
                   struct judgement *judgement);
#endif
