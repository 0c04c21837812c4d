/* One judgement from what all replicas of a directory answered: what they agree on, or that they do not. */
#ifndef DNDRIFT_JUDGE_REPLICAS_H
#define DNDRIFT_JUDGE_REPLICAS_H

#include "judge/judge.h"

/* Judges the observation and its `others`. A replica that gave no conclusive answer does not count while
 * another did. Where those that did disagree the verdict is `split`, and its sentence says who says what. Of
 * servers that agree `prefer` (may be NULL) is the one that is named. Answers the observation whose words the
 * judgement is. */
const struct observation *replicas_judge(const struct expectation *expectation,
                                         const struct observation *observation, const char *prefer,
                                         struct judgement *ret_judgement);

/* The judgement of a server that is shown to be behind what was seen before: `split`, too. */
void replicas_call_behind(const char *newer_server, const char *newer_vintage, struct judgement *judgement);
#endif
