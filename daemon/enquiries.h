/* The enquiries of the daemon, asked beside the rounds of the engine: by its directories, for its lookout. */
#ifndef DNDRIFT_ENQUIRIES_H
#define DNDRIFT_ENQUIRIES_H

#include "parts.h"

/* Asks the directory of the source; the lookout gets the answer. user: the parts. */
void enquiries_ask(void *user, const char *watch, const struct source *source);

/* Whether a round is one of these. */
bool enquiries_have(uint64_t round);

/* The answer to one. */
void enquiries_on_observation(struct parts *parts, uint64_t round, const struct observation *observation);
#endif
