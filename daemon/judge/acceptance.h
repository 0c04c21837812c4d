/* What to do about an entry that is where the pinned one was: back to that one, or accept the new one. */
#ifndef DNDRIFT_JUDGE_ACCEPTANCE_H
#define DNDRIFT_JUDGE_ACCEPTANCE_H

#include "judge/judge.h"

/* A remedy; g_free() it. */
char *acceptance_tell(const struct observation *observation, const struct judgement *judgement);
#endif
