/* One watch as the engine runs it: its state, when it is asked next, and what one observation makes of it.
 * Owned by the engine's roster. */
#ifndef DNDRIFT_WATCH_H
#define DNDRIFT_WATCH_H

#include "config/config.h"
#include "forebear.h"
#include "judge/state.h"
#include "judge/witness.h"
#include "lineage.h"

struct watch {
    struct watch_state *state;
    const struct watch_config *config;        /* borrowed from the configuration in force */
    const struct directory_config *directory; /* the same */
    uint64_t epoch;                           /* answers to a question of another epoch do not count */
    char *asked;                              /* the configured value for a server, see watch_prepare() */
    int64_t boot_ask_ms;                      /* asked out of turn then; INT64_MAX: not */
    bool is_ask_fresh;                        /* ... on a new connection, to confirm */
    struct witness witness;                   /* the server whose word counted last */
    struct hearsay hearsay;                   /* what one that may be behind it says */
    struct hearsay split;                     /* that the replicas disagree */
    struct forebear forebear;                 /* where a value is compared */
    bool wants_path;                          /* read the ancestors again with the next question */
    unsigned n_running;                       /* rounds that carry its question */
};

/* What an observation led to. */
struct watch_outcome {
    struct alarm_result result;
    struct judgement judgement; /* of this observation */
    bool is_pinned;             /* a new pin: PINNED */
    bool is_changed;            /* something that is kept over a restart */
    bool is_transition;         /* the confirmed state, or a value that it shows, is another */
    enum verdict previous;      /* the confirmed state before */
    int64_t wall_previous_ms;   /* since when */
    struct cause cause;         /* of a drift that this ends */
};

void watch_outcome_clear(struct watch_outcome *outcome);

/* Takes the state. */
struct watch *watch_new(struct watch_state *state);
void watch_free(struct watch *watch);

/* Reads the configured value, once: that takes longer than all the rest of a question. Whenever the value, or
 * what it is one of, is another. */
void watch_prepare(struct watch *watch);

/* What to ask the directory about it; the caller owns the question. */
struct question *watch_question(const struct watch *watch, struct lineage *lineage, uint32_t id);

/* Judges the observation and steps pin and alarm. Ancestors read go to the lineage and batch. */
void watch_observe(struct watch *watch, struct lineage *lineage, const struct observation *observation,
                   bool is_grace, struct now now, struct store_batch *batch,
                   struct watch_outcome *ret_outcome);

/* The entry that has replaced the pinned one is the right one from now on: exactly that one. It is asked for
 * at once. */
void watch_adopt(struct watch *watch, struct now now);

struct alarm_policy watch_policy(const struct watch *watch);
#endif
