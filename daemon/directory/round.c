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
    g_clear_pointer(&round->places, g_hash_table_unref);
    g_free(round);
}

struct round *round_share(struct round *round, int64_t limit_ms)
{
    struct round *shared = g_memdup2(round, sizeof *round);

    round_index(round);
    shared->limit_ms = limit_ms;
    shared->questions = g_ptr_array_ref(round->questions);
    shared->places = g_hash_table_ref(round->places);
    return shared;
}

void round_index(struct round *round)
{
    if (round->places)
        return;
    round->places = g_hash_table_new(NULL, NULL);
    for (unsigned i = 0; i < round->questions->len; i++) {
        const struct question *question = g_ptr_array_index(round->questions, i);
        bool is_new = g_hash_table_insert(round->places, GUINT_TO_POINTER(question->id), GUINT_TO_POINTER(i));
        g_assert(is_new); /* the engine numbers them */
    }
}

bool round_find(const struct round *round, uint32_t question, unsigned *ret_place)
{
    void *place;

    if (!g_hash_table_lookup_extended(round->places, GUINT_TO_POINTER(question), NULL, &place))
        return false;
    *ret_place = GPOINTER_TO_UINT(place);
    return true;
}
