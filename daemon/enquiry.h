/* What a directory keeps of the DNs that a consumer was told: asked beside the rounds of the engine, by
 * rounds of one question each. */
#ifndef DNDRIFT_ENQUIRY_H
#define DNDRIFT_ENQUIRY_H

#include "parts.h"

/* Asks the directory of the source; the lookout gets the answer. user: the parts. */
void enquiry_ask(void *user, const char *watch, uint64_t number, const struct source *source);

/* Whether a round is one of these. */
bool enquiry_is(uint64_t round);

/* The answer to one. */
void enquiry_on_observation(struct parts *parts, uint64_t round, const struct observation *observation);

void enquiry_free(void *enquiry);
#endif
