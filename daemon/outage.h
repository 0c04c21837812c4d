/* What the engine keeps about one directory: its counters, and whether its outage has been told. */
#ifndef DNDRIFT_OUTAGE_H
#define DNDRIFT_OUTAGE_H

#include "engine.h"
#include "round.h"

struct directory_record {
    struct engine_counters counters;
    struct directory_notice *notice;
};

struct directory_record *directory_record_new(const char *directory);
void directory_record_free(struct directory_record *record);

/* One comparison more. */
void directory_record_count(struct directory_record *record, const struct judgement *judgement);

/* One round more. */
void directory_record_count_round(struct directory_record *record, int64_t duration_ms);

/* Adds to the batch whether its outage has been told. */
void directory_record_keep(const struct directory_record *record, struct store_batch *batch);

/* UNVERIFIABLE or VERIFIABLE for a reason of the directory: one event for all its watches, however many
 * meet the same obstacle. Goes to the round's bulletin and batch. */
void directory_record_announce(struct directory_record *record, struct running_round *running, enum word word,
                               const struct judgement *judgement, const struct roster *roster,
                               struct now now);
#endif
