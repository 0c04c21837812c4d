/* Whether a value that is a path begins with that of the entry above: `/o=mms/ou=charlotte/cn=custom` does
 * with `/o=mms/ou=charlotte`. Exchange builds a legacyExchangeDN so, once; who edits one by hand may break
 * it. */
#ifndef DNDRIFT_JUDGE_PREFIX_H
#define DNDRIFT_JUDGE_PREFIX_H

#include "judge/judge.h"

/* The value of the entry above that this one should begin with and does not; NULL: there is none. Borrowed.
 */
const char *prefix_lacking(const struct expectation *expectation, const struct observation *observation);

/* A match becomes `spelling` where the value lacks it. */
void prefix_judge(const struct expectation *expectation, const struct observation *observation,
                  struct judgement *judgement);
#endif
