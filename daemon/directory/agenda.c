#include "directory/agenda.h"

struct slot {
    const struct question *question; /* the round's */
    unsigned n_progress;
    bool is_sent; /* in this batch */
    bool is_answered;
};

struct agenda {
    struct round *round;
    struct slot *slots; /* one a question, in the order of the round */
    unsigned n_open;
    unsigned first_open; /* no slot before this one is open */
    GPtrArray *batch;    /* of struct slot, to be sent in this order */
    unsigned n_sent;
    unsigned n_answered;   /* of the batch */
    unsigned first_unsure; /* no slot of the batch before this one is unanswered */
    struct slot *current;  /* that made progress last */
    bool has_begun;
};

struct agenda *agenda_new(struct round *round)
{
    struct agenda *agenda = g_new0(struct agenda, 1);

    agenda->round = round;
    agenda->n_open = round->questions->len;
    agenda->slots = g_new0(struct slot, agenda->n_open);
    agenda->batch = g_ptr_array_new();
    round_index(round);
    for (unsigned i = 0; i < round->questions->len; i++)
        agenda->slots[i].question = g_ptr_array_index(round->questions, i);
    return agenda;
}

void agenda_free(struct agenda *agenda)
{
    if (!agenda)
        return;
    g_ptr_array_unref(agenda->batch);
    g_free(agenda->slots);
    round_free(agenda->round);
    g_free(agenda);
}

const struct round *agenda_round(const struct agenda *agenda)
{
    return agenda->round;
}

static struct slot *slot_of(const struct agenda *agenda, uint32_t question)
{
    unsigned place;

    return round_find(agenda->round, question, &place) ? &agenda->slots[place] : NULL;
}

const struct question *agenda_question(const struct agenda *agenda, uint32_t id)
{
    const struct slot *slot = slot_of(agenda, id);

    return slot ? slot->question : NULL;
}

/* Suspects one at a time, the others all at once. */
static void select_slots(struct agenda *agenda, const struct suspects *suspects, bool is_suspect)
{
    for (unsigned i = agenda->first_open; i < agenda->round->questions->len; i++) {
        struct slot *slot = &agenda->slots[i];
        if (slot->is_answered || suspects_has(suspects, slot->question->dn) != is_suspect)
            continue;
        g_ptr_array_add(agenda->batch, slot);
        if (agenda->batch->len == (is_suspect ? 1 : AGENDA_MAX_BATCH))
            return;
    }
}

void agenda_restart_batch(struct agenda *agenda)
{
    unsigned n_left = 0;

    for (unsigned i = 0; i < agenda->batch->len; i++) {
        struct slot *slot = g_ptr_array_index(agenda->batch, i);
        slot->is_sent = false;
        if (!slot->is_answered)
            agenda->batch->pdata[n_left++] = slot;
    }
    g_ptr_array_set_size(agenda->batch, (int)n_left);
    agenda->n_sent = agenda->n_answered = agenda->first_unsure = 0;
    agenda->current = NULL;
    agenda->has_begun = false;
}

bool agenda_select(struct agenda *agenda, const struct suspects *suspects)
{
    agenda_restart_batch(agenda);
    g_ptr_array_set_size(agenda->batch, 0);
    select_slots(agenda, suspects, false);
    if (agenda->batch->len == 0)
        select_slots(agenda, suspects, true);
    return agenda->batch->len > 0;
}

const struct question *agenda_send_next(struct agenda *agenda)
{
    if (agenda->n_sent == agenda->batch->len)
        return NULL;
    struct slot *slot = g_ptr_array_index(agenda->batch, agenda->n_sent++);
    slot->is_sent = true;
    slot->n_progress = 0;
    return slot->question;
}

bool agenda_note_progress(struct agenda *agenda, uint32_t question)
{
    struct slot *slot = slot_of(agenda, question);

    if (!slot || !slot->is_sent || slot->is_answered || ++slot->n_progress > AGENDA_MAX_PROGRESS)
        return false;
    agenda->current = slot;
    agenda->has_begun = true;
    return true;
}

static void answer(struct agenda *agenda, struct slot *slot)
{
    slot->is_answered = true;
    agenda->n_open--;
    while (agenda->first_open < agenda->round->questions->len &&
           agenda->slots[agenda->first_open].is_answered)
        agenda->first_open++;
}

bool agenda_note_answer(struct agenda *agenda, uint32_t question)
{
    struct slot *slot = slot_of(agenda, question);

    if (!slot || !slot->is_sent || slot->is_answered)
        return false;
    agenda->has_begun = true;
    agenda->n_answered++;
    answer(agenda, slot);
    while (agenda->first_unsure < agenda->batch->len &&
           ((struct slot *)g_ptr_array_index(agenda->batch, agenda->first_unsure))->is_answered)
        agenda->first_unsure++;
    return true;
}

bool agenda_has_begun(const struct agenda *agenda)
{
    return agenda->has_begun;
}

const struct question *agenda_running(const struct agenda *agenda)
{
    if (agenda->current && !agenda->current->is_answered)
        return agenda->current->question;
    if (agenda->first_unsure >= agenda->n_sent)
        return NULL;
    return ((struct slot *)g_ptr_array_index(agenda->batch, agenda->first_unsure))->question;
}

unsigned agenda_batch_size(const struct agenda *agenda)
{
    return agenda->batch->len;
}

bool agenda_is_batch_done(const struct agenda *agenda)
{
    return agenda->n_answered == agenda->batch->len;
}

void agenda_take(struct agenda *agenda, uint32_t question)
{
    struct slot *slot = slot_of(agenda, question);

    g_assert(slot && !slot->is_answered);
    answer(agenda, slot);
}

const struct question *agenda_take_open(struct agenda *agenda)
{
    if (agenda->n_open == 0)
        return NULL;
    struct slot *slot = &agenda->slots[agenda->first_open];
    answer(agenda, slot);
    return slot->question;
}

unsigned agenda_n_open(const struct agenda *agenda)
{
    return agenda->n_open;
}
