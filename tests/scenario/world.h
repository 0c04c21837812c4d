/* A world for the engine: fake clock, fake directories, a store in memory, and every alert that was raised.
 */
#ifndef DNDRIFT_TESTS_WORLD_H
#define DNDRIFT_TESTS_WORLD_H

#include "engine.h"
#include "tree.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

struct world {
    struct tree *tree;  /* that is asked for the directory mms */
    struct tree *other; /* of a second server of mms that is asked beside it; NULL: none is */
    GPtrArray *places;  /* every directory and its tree */
    struct now now;
    struct engine *engine;
    struct config *config;
    GPtrArray *retired;         /* of struct watch_config: taken out */
    struct store_content *kept; /* what a store would give back after a restart */
    GPtrArray *alerts;          /* of struct alert, all there ever were */
    GPtrArray *untold;          /* of struct alert: what the history has besides */
    GPtrArray *rounds;          /* asked, not answered yet */
    int64_t boot_wake_ms;       /* when the engine wants to run */
    const char *answering;      /* the directory that gives the observation */
    unsigned n_answers;         /* observations given */
    unsigned n_retries;         /* back-offs ended by the engine */
    bool is_store_failing;
    bool has_store_failed;
    void (*on_alert)(struct world *world, const struct alert *alert);
    void (*on_answer)(struct world *world, const struct question *question, const struct observation *seen);
    void *user;
};

/* The tree of the article. */
struct tree *world_tree_new(void);

/* The tree of the article, and one watch "custom" on its container, asked every minute. */
struct world *world_new(void);
void world_free(struct world *world);

/* Changes to the configuration; they take effect with world_reload(). */
struct watch_config *world_add_watch(struct world *world, const char *name, const char *dn);
struct directory_config *world_directory(struct world *world);
struct watch_config *world_add_watch_in(struct world *world, const char *directory, const char *name,
                                        const char *dn);
void world_remove_watch(struct world *world, const char *name);
struct watch_config *world_watch(struct world *world, const char *name);
/* One more directory, its tree that of the article. Taken out with all its watches, it comes back by being
 * added again: as it was left. */
struct tree *world_add_directory(struct world *world, const char *name);
void world_remove_directory(struct world *world, const char *name);
struct tree *world_tree(const struct world *world, const char *directory);
/* How long its answers take; 0: as its weather is. */
void world_delay(struct world *world, const char *directory, int64_t delay_ms);
/* A silence `s` of the watches whose names match. */
struct silence_config *world_silence(struct world *world, const char *pattern, int64_t wall_from_ms,
                                     int64_t wall_until_ms);
void world_reload(struct world *world);

void world_pass(struct world *world, int64_t ms);
void world_restart(struct world *world); /* killed: rounds under way are lost, what was committed stays */

/* The words and names since the last call, as in "PINNED custom, DRIFT custom". */
char *world_news(struct world *world);
const struct alert *world_last_alert(const struct world *world);
const struct watch_state *world_state(const struct world *world, const char *name);

/* Fails the test unless the words since the last call are these; unless the last alert says so. */
void world_assert_news(struct world *world, const char *expected);
/* The same of what only the history tells, as in "STATE custom match". */
void world_assert_untold(struct world *world, const char *expected);
void world_assert_last_says(const struct world *world, const char *words);
#endif
