/* A round on its way: which watches wait for which answer, and what the round has led to so far. Owned by the
 * engine. */
#ifndef DNDRIFT_ROUND_H
#define DNDRIFT_ROUND_H

#include "bulletin.h"
#include "directory/directory.h"
#include "roster.h"
#include "watch.h"

/* A watch that waits for an answer. */
struct asked {
    char *watch;
    uint64_t epoch;
    struct asked *also; /* another one that waits for the same */
};

struct running_round {
    uint64_t id;
    char *directory;
    int64_t boot_started_ms;
    int64_t boot_joined_ms;    /* of a gathering: when the latest watch joined with news */
    int64_t boot_limit_ms;     /* it has ended by then */
    int64_t boot_confirm_ms;   /* when the drifts it found are asked about again; 0: it found none */
    int64_t boot_told_ms;      /* when the bulletin got its first event; INT64_MAX: it is empty */
    GPtrArray *asked;          /* of struct asked, one a question; NULL once answered */
    struct bulletin *bulletin; /* what is to be announced */
    struct store_batch *batch; /* what is to be kept */
    GHashTable *changed;       /* names of watches whose state is to be kept */
};

struct running_round *running_round_new(uint64_t id, const char *directory, struct now now);
void running_round_free(struct running_round *running);

/* How long a round may take: it is over before the next one. */
int64_t running_round_limit_ms(const struct directory_config *directory, int64_t interval_ms);

/* Asks about the watches, each question once however many watches share it. The caller owns the round. */
struct round *running_round_ask(struct running_round *running, GPtrArray *watches, struct lineage *lineage,
                                bool is_fresh, int64_t limit_ms);

/* Those who waited for the answer, once; NULL for an unknown or answered question. Free with asked_free(). */
struct asked *running_round_answered(struct running_round *running, uint32_t question);
void asked_free(struct asked *asked);

typedef struct asked asked_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(asked_t, asked_free)

/* The state of the watch is to be kept. */
void running_round_note(struct running_round *running, const struct watch *watch);

/* What follows from an observation of the watch: its news, when it is asked again, whether its state is kept.
 */
void running_round_conclude(struct running_round *running, struct watch *watch,
                            const struct watch_outcome *outcome, struct now now);

/* Time passes for the watch: what waited and waits no longer. Answers boot_ms at which to call again. */
int64_t running_round_pass(struct running_round *running, struct watch *watch, struct now now);

/* Its drift is still open, or it still flaps. */
void running_round_remind(struct running_round *running, const struct watch *watch, struct now now);

/* Whether it has news to tell that concern a watch whose state the other is about to keep. */
bool running_round_has_news_for(const struct running_round *running, const struct running_round *other);

/* What it led to since the last call: alerts, numbered, the states of changed watches, what else is to be
 * kept. NULL: nothing. The caller owns the batch. */
struct store_batch *running_round_take_batch(struct running_round *running, const struct roster *roster,
                                             const char *store_id, struct bulletin_numbers *numbers);
#endif
