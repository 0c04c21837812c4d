/* The sentence of an alert: what an event of a watch, or of many, has to say. Pure text; the caller frees it.
 */
#ifndef DNDRIFT_TELL_H
#define DNDRIFT_TELL_H

#include "judge/alert.h"
#include "watch.h"

/* outcome: of the observation that led to it, or of the time that passed; NULL for REMINDER, EDITED, REMOVED.
 * before: the old configured value of EDITED. */
char *tell_watch(enum word word, const struct watch_state *state, const struct watch_outcome *outcome,
                 const char *before, struct now now);

/* What was told by DRIFT, INVALID or UNVERIFIABLE and is open, as it stands now. */
char *tell_open(enum word word, const struct watch_state *state, struct now now);

/* "ou=Sales,dc=example was renamed to ou=Trade,dc=example" */
char *tell_cause(const struct cause *cause);

/* Watches that have the same to say. */
struct crowd {
    GPtrArray *names;   /* of char * */
    struct cause cause; /* which they have in common, if any */
    int64_t age_ms;     /* of what the first says */
    bool is_flapping;
};

/* Many watches that say what `first` says. */
char *tell_many(const struct alert *first, const struct crowd *crowd);
#endif
