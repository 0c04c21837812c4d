#include "directory/tally.h"

#include "directory/held.h"

struct voice {
    unsigned rank;
    struct held **answers; /* that wait, one a question in the order of the round; NULL: none ever did */
    struct held *last;     /* what it said last: the next may be the same */
    size_t n_bytes;
};

struct place {
    uint16_t n_answers; /* that wait */
    bool is_told;
};

struct tally {
    const struct round *round;
    struct place *places; /* one a question, in the order of the round */
    GPtrArray *voices;    /* by rank */
    unsigned n_open;
    unsigned first_unsure; /* no place before this one is to be told by tally_next() */
};

struct tally *tally_new(const struct round *round)
{
    struct tally *tally = g_new0(struct tally, 1);

    tally->round = round;
    tally->n_open = round->questions->len;
    tally->places = g_new0(struct place, tally->n_open);
    tally->voices = g_ptr_array_new();
    return tally;
}

static void voice_free(struct voice *voice, unsigned n_questions)
{
    for (unsigned i = 0; voice->answers && i < n_questions; i++)
        held_unref(voice->answers[i], &voice->n_bytes);
    held_unref(voice->last, &voice->n_bytes);
    g_free(voice->answers);
    g_free(voice);
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    for (unsigned i = 0; i < tally->voices->len; i++)
        voice_free(tally->voices->pdata[i], tally->round->questions->len);
    g_ptr_array_unref(tally->voices);
    g_free(tally->places);
    g_free(tally);
}

static gint compare_ranks(gconstpointer a, gconstpointer b)
{
    const struct voice *first = *(struct voice *const *)a, *second = *(struct voice *const *)b;

    return (first->rank > second->rank) - (first->rank < second->rank);
}

struct voice *tally_join(struct tally *tally, unsigned rank)
{
    struct voice *voice = g_new0(struct voice, 1);

    g_ptr_array_add(tally->voices, voice);
    tally_rank(tally, voice, rank);
    return voice;
}

void tally_rank(struct tally *tally, struct voice *voice, unsigned rank)
{
    voice->rank = rank;
    g_ptr_array_sort(tally->voices, compare_ranks);
}

void tally_leave(struct tally *tally, struct voice *voice)
{
    for (unsigned i = 0; voice->answers && i < tally->round->questions->len; i++)
        tally->places[i].n_answers -= voice->answers[i] != NULL;
    g_ptr_array_remove(tally->voices, voice);
    voice_free(voice, tally->round->questions->len);
    tally->first_unsure = 0;
}

/* --- what waits */

static struct held *take_hold(const struct tally *tally, struct voice *voice,
                              const struct observation *observation)
{
    struct held *held = held_new(observation, voice->last, &voice->n_bytes);

    if (held && voice->n_bytes <= TALLY_MAX_BYTES / tally->voices->len)
        return held;
    held_unref(held, &voice->n_bytes);
    g_autoptr(observation_t) failed =
        observation_new_failed(0, observation->server, PHASE_SEARCH, REASON_LIMIT, 0,
                               "too many of its answers have to wait for other servers", false);
    return held_new(failed, voice->last, &voice->n_bytes);
}

static void hold(struct tally *tally, struct voice *voice, unsigned place,
                 const struct observation *observation)
{
    struct held *held = take_hold(tally, voice, observation);

    if (!voice->answers)
        voice->answers = g_new0(struct held *, tally->round->questions->len);
    g_assert(held && !voice->answers[place]); /* a question is answered once */
    held_unref(voice->last, &voice->n_bytes);
    voice->last = held_ref(held);
    voice->answers[place] = held;
    tally->places[place].n_answers++;
}

static struct observation *release(struct voice *voice, unsigned place, uint32_t question)
{
    struct held *held = g_steal_pointer(&voice->answers[place]);
    struct observation *observation = held_open(held, question);

    held_unref(held, &voice->n_bytes);
    return observation;
}

/* --- one of many */

/* The first that is no failure speaks; if all are, the first. A directory has failed as a whole if each of
 * its servers has. */
static struct observation *merge(GPtrArray *said)
{
    unsigned speaker = 0;
    bool is_wide = true;

    for (; speaker < said->len; speaker++) {
        const struct observation *observation = said->pdata[speaker];
        if (observation->dn_answer != DN_FAILED)
            break;
        is_wide = is_wide && observation->is_directory_wide;
    }
    bool has_failed = speaker == said->len;
    struct observation *spoken = g_ptr_array_steal_index(said, has_failed ? 0 : speaker);
    if (has_failed)
        spoken->is_directory_wide = is_wide;
    if (said->len > 0)
        spoken->others = g_ptr_array_ref(said);
    g_ptr_array_unref(said);
    return spoken;
}

/* All that was said to the question, with what the last one says now (NULL: all of it waited). */
static struct observation *conclude(struct tally *tally, unsigned place, const struct voice *last,
                                    struct observation *observation)
{
    const struct question *question = g_ptr_array_index(tally->round->questions, place);

    tally->places[place] = (struct place){.is_told = true};
    tally->n_open--;
    if (tally->voices->len == 1 && observation)
        return observation;
    GPtrArray *said = g_ptr_array_new_full(tally->voices->len, (GDestroyNotify)observation_free);
    for (unsigned i = 0; i < tally->voices->len; i++) {
        struct voice *voice = tally->voices->pdata[i];
        g_ptr_array_add(said, voice == last ? observation : release(voice, place, question->id));
    }
    return merge(said);
}

struct observation *tally_hear(struct tally *tally, struct voice *voice, struct observation *observation)
{
    g_autoptr(observation_t) heard = observation;
    unsigned place;
    bool is_asked = round_find(tally->round, observation->question, &place);

    g_assert(is_asked); /* by us */
    if (tally->places[place].is_told)
        return NULL;
    if (tally->places[place].n_answers + 1u == tally->voices->len)
        return conclude(tally, place, voice, g_steal_pointer(&heard));
    hold(tally, voice, place, heard);
    return NULL;
}

struct observation *tally_next(struct tally *tally)
{
    for (; tally->voices->len > 0 && tally->first_unsure < tally->round->questions->len;
         tally->first_unsure++) {
        const struct place *place = &tally->places[tally->first_unsure];
        if (!place->is_told && place->n_answers == tally->voices->len)
            return conclude(tally, tally->first_unsure, NULL, NULL);
    }
    return NULL;
}

unsigned tally_n_open(const struct tally *tally)
{
    return tally->n_open;
}

size_t tally_n_bytes(const struct tally *tally)
{
    size_t n_bytes = 0;

    for (unsigned i = 0; i < tally->voices->len; i++)
        n_bytes += ((const struct voice *)tally->voices->pdata[i])->n_bytes;
    return n_bytes;
}
