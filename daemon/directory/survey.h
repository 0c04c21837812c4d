/* One round put to all lanes of a directory at the same time: when each of them has answered a question, or
 * failed to, it is told as one observation. Owned by the directory. */
#ifndef DNDRIFT_DIRECTORY_SURVEY_H
#define DNDRIFT_DIRECTORY_SURVEY_H

#include "directory/lanes.h"

struct survey;

/* Takes the round; the lanes are asked nothing else. Calls as those of an errand: from the loop, and the
 * survey may be freed from inside. */
struct survey *survey_new(struct event_base *base, const struct lanes *lanes, struct round *round,
                          const struct errand_listener *listener, void *user);
const struct round *survey_round(const struct survey *survey);

/* Other lanes: a new one is asked what is left of the time, and what one that is gone has said counts no
 * more. */
void survey_follow(struct survey *survey, const struct lanes *lanes);

/* Drops the round: no more calls. */
void survey_free(struct survey *survey);
#endif
