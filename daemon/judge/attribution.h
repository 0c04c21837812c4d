/* Who changed it, and when: which stamp of an observation is that of the change. Never guessed: the rename of
 * an ancestor stamps the ancestor alone. */
#ifndef DNDRIFT_JUDGE_ATTRIBUTION_H
#define DNDRIFT_JUDGE_ATTRIBUTION_H

#include "judge/judge.h"
#include "judge/relocation.h"

/* The stamp that belongs to the verdict; an empty one if there is none. Borrowed from the observation. */
const struct stamp *attribution_of(const struct observation *observation, const struct relocation *relocation,
                                   enum verdict verdict);

/* "last changed 2026-11-25T12:00:00Z by cn=admin,o=mms on cn=dc1", as much of it as is known; NULL if nothing
 * is. Clean text; g_free() it. */
char *attribution_explain(const struct stamp *stamp);
#endif
