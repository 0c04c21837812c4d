/* The sentence about a verdict, and the remedy: what a tired operator reads. Clean text; DNs as they can be
 * typed back. */
#ifndef DNDRIFT_JUDGE_EXPLAIN_H
#define DNDRIFT_JUDGE_EXPLAIN_H

#include "judge/judge.h"
#include "judge/relocation.h"

/* Fills judgement->sentence and judgement->remedy from what the judge has decided. relocation: for renamed,
 * moved and ancestor-renamed, else NULL. */
void explain(const struct expectation *expectation, const struct observation *observation,
             const struct relocation *relocation, struct judgement *judgement);

/* "the search failed: busy (51)": phase, text and code of a failure in one clause. g_free() it. */
char *explain_failure(const struct failure *failure);
#endif
