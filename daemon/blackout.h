/* The outage of all directories at once, told as one event of the daemon itself because the fault is probably
 * at our own end. Owned by the outages. */
#ifndef DNDRIFT_BLACKOUT_H
#define DNDRIFT_BLACKOUT_H

#include "round.h"

#define BLACKOUT_NAME "" /* in the place of a directory's name in its notice: no directory is called that */

struct blackout;

/* What there is to say when it begins. */
struct blackout_extent {
    unsigned n_directories; /* that fail */
    unsigned n_watches;     /* of them */
    bool is_everything;     /* no directory is left that was not asked since it began */
    int64_t wall_since_ms;
    const char *directory;         /* the first whose outage was due */
    const struct failure *failure; /* ... and why it fails */
};

struct blackout *blackout_new(void);
void blackout_free(struct blackout *blackout);

/* As the store knew it. */
void blackout_restore(struct blackout *blackout, const struct directory_notice *notice);

/* UNVERIFIABLE was told and VERIFIABLE was not. */
bool blackout_is_open(const struct blackout *blackout);

/* Both go to the turn's bulletin and batch. directory: the one that answers again. */
void blackout_begin(struct blackout *blackout, const struct blackout_extent *extent,
                    struct running_round *turn, struct now now);
void blackout_end(struct blackout *blackout, const char *directory, struct running_round *turn,
                  struct now now);

/* Adds its notice to the batch. */
void blackout_keep(const struct blackout *blackout, struct store_batch *batch);
#endif
