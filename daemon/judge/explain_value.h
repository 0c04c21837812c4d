/* What the sentences say where not a DN is compared but a value of an attribute. */
#ifndef DNDRIFT_JUDGE_EXPLAIN_VALUE_H
#define DNDRIFT_JUDGE_EXPLAIN_VALUE_H

#include "judge/judge.h"

/* Fills judgement->sentence and judgement->remedy. false: what is said of a DN fits a value as well. */
bool explain_value(const struct expectation *expectation, const struct observation *observation,
                   struct judgement *judgement);
#endif
