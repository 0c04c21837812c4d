/* Questions that are asked together. The engine makes it, the directory takes it. */
#ifndef DNDRIFT_DIRECTORY_ROUND_H
#define DNDRIFT_DIRECTORY_ROUND_H

#include "judge/observation.h"

struct round {
    uint64_t id;
    bool is_fresh;        /* on a new connection: a confirming question */
    int64_t limit_ms;     /* the round ends by then, answered or not */
    GPtrArray *questions; /* of struct question, in the order of asking; each id once */
};

struct round *round_new(uint64_t id, bool is_fresh, int64_t limit_ms);
void round_free(struct round *round);
#endif
