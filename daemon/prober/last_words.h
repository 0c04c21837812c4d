/* What the daemon is told when a library does not come back in time: it cannot be stopped, so the process
 * says this and ends. Owned by whoever calls that library. */
#ifndef DNDRIFT_PROBER_LAST_WORDS_H
#define DNDRIFT_PROBER_LAST_WORDS_H

#include "prober/parent.h"

struct last_words;

/* Until last_words_disarm(): at deadline_ms the failure is told and the process ends. One at a time; what was
 * collected for the daemon before is to be flushed. */
struct last_words *last_words_arm(struct parent *parent, const struct failure *failure, int64_t deadline_ms);
void last_words_disarm(struct last_words *words);
#endif
