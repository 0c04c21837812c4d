/* The questions of a running round and how far each has come: which are open, which batch of them a prober
 * works on now, which one it is at. Owned by the errand; the server that is asked borrows it. */
#ifndef DNDRIFT_DIRECTORY_AGENDA_H
#define DNDRIFT_DIRECTORY_AGENDA_H

#include "directory/round.h"
#include "directory/suspects.h"

#define AGENDA_MAX_BATCH    100000 /* the wire's bound */
#define AGENDA_MAX_PROGRESS 1000   /* frames about one question: each restarts the deadline */

struct agenda;

/* Takes the round. */
struct agenda *agenda_new(struct round *round);
void agenda_free(struct agenda *agenda);

const struct round *agenda_round(const struct agenda *agenda);
const struct question *agenda_question(const struct agenda *agenda, uint32_t id); /* NULL: none of that id */

/* Chooses the next batch: all open questions but the suspects, in their order; when only suspects are left,
 * one of them alone. What an earlier batch left unanswered is open again. false: nothing is open. */
bool agenda_select(struct agenda *agenda, const struct suspects *suspects);

/* All of this batch is to be sent from the start again, to another prober. */
void agenda_restart_batch(struct agenda *agenda);

/* The question of the batch to be sent now; NULL: all are sent. */
const struct question *agenda_send_next(struct agenda *agenda);

/* Both answer false if no such question was sent, it is answered already, or it made too much progress. */
bool agenda_note_progress(struct agenda *agenda, uint32_t question);
bool agenda_note_answer(struct agenda *agenda, uint32_t question);

/* Whether a search of this batch has begun, and which question it is at: the one that made progress last,
 * else the oldest that was sent and not answered; NULL: none. */
bool agenda_has_begun(const struct agenda *agenda);
const struct question *agenda_running(const struct agenda *agenda);

unsigned agenda_batch_size(const struct agenda *agenda);
bool agenda_is_batch_done(const struct agenda *agenda);

/* An open question, the first in order; NULL: all are answered. It is taken as answered. */
const struct question *agenda_take_open(struct agenda *agenda);
void agenda_take(struct agenda *agenda, uint32_t question); /* the same for this one */
unsigned agenda_n_open(const struct agenda *agenda);
#endif
