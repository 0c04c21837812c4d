/* What several servers have said so far to the questions of one round: each observation waits until all of
 * them have answered its question, then they become one. Pure; owned by the survey. */
#ifndef DNDRIFT_DIRECTORY_TALLY_H
#define DNDRIFT_DIRECTORY_TALLY_H

#include "directory/round.h"

/* Of answers that wait, in even parts for all servers. What is beyond counts as failed: one server that says
 * much while another says nothing is no way to fill our memory. */
#define TALLY_MAX_BYTES (128 * 1024 * 1024)

struct tally;
struct voice; /* one server in it */

/* The round is borrowed; round_index() was called. */
struct tally *tally_new(const struct round *round);
void tally_free(struct tally *tally);

/* One more server; every question that is not told waits for it, too. It is first at rank 0. */
struct voice *tally_join(struct tally *tally, unsigned rank);
void tally_rank(struct tally *tally, struct voice *voice, unsigned rank);

/* What it said counts no more and nothing waits for it: look for tally_next(). */
void tally_leave(struct tally *tally, struct voice *voice);

/* Takes what the server answers. The observation to be told if it was the last that was waited for, else
 * NULL; the caller owns it. */
struct observation *tally_hear(struct tally *tally, struct voice *voice, struct observation *observation);

/* One that is complete because a server has left; NULL: none is (left). The caller owns it. */
struct observation *tally_next(struct tally *tally);

unsigned tally_n_open(const struct tally *tally); /* questions not told yet */
size_t tally_n_bytes(const struct tally *tally);  /* of answers that wait */
#endif
