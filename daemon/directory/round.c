#include "directory/round.h"

struct round *round_new(uint64_t id, bool is_fresh, int64_t limit_ms)
{
    struct round *round = g_new0(struct round, 1);

    round->id = id;
    round->is_fresh = is_fresh;
    round->limit_ms = limit_ms;
    round->questions = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    return round;
}

void round_free(struct round *round)
{
    if (!round)
        return;
    g_ptr_array_unref(round->questions);
    g_free(round);
}
