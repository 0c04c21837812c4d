/* Questions that are asked together. The engine makes it, the directory takes it. */
#ifndef DNDRIFT_DIRECTORY_ROUND_H
#define DNDRIFT_DIRECTORY_ROUND_H

#include "judge/observation.h"

struct round {
    uint64_t id;
    bool is_fresh;        /* on a new connection: a confirming question */
    int64_t limit_ms;     /* the round ends by then, answered or not */
    GPtrArray *questions; /* of struct question, in the order of asking; each id once */
    GHashTable *places;   /* of round_index() */
};

struct round *round_new(uint64_t id, bool is_fresh, int64_t limit_ms);
void round_free(struct round *round);

/* The same questions for another server, within limit_ms from now; both are to be freed. No question may be
 * added to either any more. */
struct round *round_share(struct round *round, int64_t limit_ms);

/* Makes round_find() possible; no question may be added any more. */
void round_index(struct round *round);

/* The place of a question in the order of asking; false: there is none of that id. */
bool round_find(const struct round *round, uint32_t question, unsigned *ret_place);
#endif
