/* The sentence of an alert: what an event of a watch, or of many, has to say. Pure text; the caller frees it.
 */
#ifndef DNDRIFT_TELL_H
#define DNDRIFT_TELL_H

#include "judge/alert.h"
#include "watch.h"

/* outcome: of the observation that led to it; NULL for REMINDER, EDITED, REMOVED. before: the old configured
 * value of EDITED. */
char *tell_watch(enum word word, const struct watch_state *state, const struct watch_outcome *outcome,
                 const char *before);

/* Many watches that say what `first` says. names: of char *. cause: which they have in common; NULL: none. */
char *tell_many(const struct alert *first, GPtrArray *names, const struct cause *cause);
#endif
