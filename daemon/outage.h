/* What the engine keeps about one directory: its counters, how it is reached, and whether its outage has been
 * told. */
#ifndef DNDRIFT_OUTAGE_H
#define DNDRIFT_OUTAGE_H

#include "engine.h"
#include "reach.h"
#include "round.h"

struct directory_record {
    struct engine_counters counters;
    struct directory_notice *notice;
    struct reach reach;
    struct failure failure; /* while its UNVERIFIABLE is due and not told: why */
    char *server;           /* ... and who showed it */
};

struct directory_record *directory_record_new(const char *directory);
void directory_record_free(struct directory_record *record);

/* One comparison more. */
void directory_record_count(struct directory_record *record, const struct judgement *judgement);

/* One round more. */
void directory_record_count_round(struct directory_record *record, int64_t duration_ms);

/* Whether UNVERIFIABLE was told of it under its own name, or is due. */
bool directory_record_is_out(const struct directory_record *record);

/* UNVERIFIABLE for a reason of the directory is due, for the first of its watches: whether it is told of this
 * directory is decided elsewhere. Nothing happens while it is told already. */
void directory_record_owe(struct directory_record *record, const struct judgement *judgement, struct now now);

/* What is due is not told of this directory. */
void directory_record_drop(struct directory_record *record);

/* What is due is told: one event for all its watches, however many meet the same obstacle. Goes to the turn's
 * bulletin and batch. */
void directory_record_tell(struct directory_record *record, struct running_round *turn,
                           const struct roster *roster, struct now now);

/* An answer about an entry: what is due is noted in the history alone, what was told is ended by VERIFIABLE.
 */
void directory_record_end(struct directory_record *record, struct running_round *running, const char *server,
                          struct now now);

/* None of its watches is left: the same, but what was told is ended by REMOVED. */
void directory_record_retire(struct directory_record *record, struct running_round *turn, struct now now);
#endif
