/* An observation that waits until other servers have answered the same question: packed, and one piece of
 * memory for all questions of which a server says the same. Owned by the tally. */
#ifndef DNDRIFT_DIRECTORY_HELD_H
#define DNDRIFT_DIRECTORY_HELD_H

#include "judge/observation.h"

struct held;

/* like: said before, perhaps the same; may be NULL. NULL if the observation is beyond the bounds of the wire.
 * Adds what it takes to *n_bytes. */
struct held *held_new(const struct observation *observation, struct held *like, size_t *n_bytes);
struct held *held_ref(struct held *held);
void held_unref(struct held *held, size_t *n_bytes); /* subtracts what becomes free; NULL is fine */

/* The observation, as that of the question; the caller owns it. */
struct observation *held_open(const struct held *held, uint32_t question);
#endif
