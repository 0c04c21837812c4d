/* The engine: rounds of questions, judged, alarmed, recorded, told. The only place that knows the whole
 * route. It takes `now` as a parameter and reaches the world through a table of callbacks, so that a test can
 * play a month of incidents in a second. */
#ifndef DNDRIFT_ENGINE_H
#define DNDRIFT_ENGINE_H

#include "config/config.h"
#include "directory/directory.h"
#include "judge/state.h"
#include "store/store.h"

struct engine;

struct engine_edges {
    void *user;
    void (*ask)(void *user, const char *directory,
                struct round *round); /* takes the round; answers come by engine_on_* */
    void (*cancel)(void *user, const char *directory, uint64_t round);
    void (*commit)(
        void *user,
        struct store_batch *batch); /* takes the batch: state and events of one turn, one transaction */
    void (*retry)(void *user);      /* what kept all directories from answering is over: none waits out its
                                       back-off */
};

struct engine_counters {
    uint64_t comparisons_total;
    uint64_t failures_total[REASON_COUNT];
    uint64_t round_buckets[10]; /* how many rounds took at most health_round_bounds_s */
    uint64_t round_count;
    double round_sum_s;
};

/* Takes the content. The configuration is borrowed until the next engine_reload() or engine_free(). */
struct engine *engine_new(const struct engine_edges *edges, const struct config *config,
                          struct store_content *content, struct now now);
void engine_reload(struct engine *engine, const struct config *config, struct now now);
void engine_free(struct engine *engine);

/* Starts the rounds that are due, sends reminders; answers boot_ms at which to call again. */
int64_t engine_tick(struct engine *engine, struct now now);

/* From the directories; the observation is taken. */
void engine_on_observation(struct engine *engine, struct now now, const char *directory, uint64_t round,
                           struct observation *observation);
void engine_on_round_end(struct engine *engine, struct now now, const char *directory, uint64_t round);

/* An event of the daemon itself (STARTED, REJECTED, ...): numbered, recorded, told. */
void engine_announce(struct engine *engine, struct now now, enum word word, const char *sentence);

/* Commits all that is known again: after commits failed. */
void engine_keep_all(struct engine *engine);

/* The operator accepts what is at the configured DN; compare now. false and a sentence if it cannot be done;
 * the sentence is g_free()d by the caller. */
bool engine_adopt(struct engine *engine, struct now now, const char *watch, char **ret_sentence);
bool engine_compare(struct engine *engine, struct now now, const char *watch, char **ret_sentence);

/* For the health endpoint. */
unsigned engine_n_watches(const struct engine *engine);
const struct watch_state *engine_watch(const struct engine *engine, unsigned index);
const struct watch_state *engine_find_watch(const struct engine *engine, const char *name);
void engine_list_notices(const struct engine *engine, struct store_batch *batch); /* adds all of them */
const struct engine_counters *engine_counters(const struct engine *engine, const char *directory);
bool engine_is_ready(const struct engine *engine, char **ret_why_not);
#endif
