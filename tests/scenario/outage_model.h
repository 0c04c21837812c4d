/* What ought to be told of whole directories: a model that looks at the weather, at each answer and each
 * alert, and fails the test on an outage that is missed, told twice, under the wrong name or too soon, or not
 * ended. Shares no code with the engine. */
#ifndef DNDRIFT_TESTS_OUTAGE_MODEL_H
#define DNDRIFT_TESTS_OUTAGE_MODEL_H

#include "world.h"

/* One directory, whose watches all have the same interval. */
struct outage_model {
    const char *directory;
    const char *dn;           /* one of its watches: its questions are counted */
    unsigned n_least;         /* failures in a row before anything may be told */
    unsigned n_failed;        /* failures in a row */
    unsigned n_due;           /* ... that count: not in the grace, nor before the end of a blackout */
    int64_t boot_answered_ms; /* its last answer */
    int64_t boot_failed_ms;   /* its first failure after that; 0: none */
    bool is_out;              /* UNVERIFIABLE @DIRECTORY was told */
};

struct outage_models {
    struct outage_model *models;
    unsigned n_models;
    int64_t boot_start_ms; /* of the daemon */
    int64_t boot_light_ms; /* the first answer since UNVERIFIABLE dndriftd; 0: none */
    bool is_black;         /* that was told */
    unsigned n_own, n_black;
};

/* Each answer, before the engine hears it; each alert; after each world_restart(). */
void outage_models_hear(struct outage_models *models, const struct world *world,
                        const struct question *question);
void outage_models_read(struct outage_models *models, const struct world *world, const struct alert *alert);
void outage_models_restart(struct outage_models *models, const struct world *world);
#endif
