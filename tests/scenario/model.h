/* What the engine ought to say: a model of one watch that looks at the fake directory itself, at each answer
 * and each alert, and fails the test on a false, missed, lost or repeated one. Shares no code with judge or
 * alarm. */
#ifndef DNDRIFT_TESTS_MODEL_H
#define DNDRIFT_TESTS_MODEL_H

#include "outage_model.h"
#include "world.h"

struct model {
    const char *watch;
    const char *configured;
    char *pinned; /* identity; NULL before the first contact */
    char *parent; /* identity of what it was below */
    bool is_adopting;
    bool is_open;                         /* DRIFT was told, RECOVERED was not */
    unsigned n_drift, n_ok;               /* conclusive answers in a row, as they ought to be */
    unsigned n_drift_before, n_ok_before; /* of the run that the present one ended */
    enum verdict drifted;                 /* what the last drifted answer ought to be called */
    char *live;                           /* ... and where the entry was */
    unsigned n_same;                      /* answers in a row that ought to be called so */
    enum verdict told;                    /* the drift that was told last */
    bool was_quiet;                       /* its alerts waited, and it was not told since how it stands */
    unsigned n_while_quiet; /* what was told meanwhile, but for reminders: nothing, or that it flaps */
    unsigned n_quiet;       /* answers in all while its alerts waited */
    unsigned n_told;
};

struct models {
    struct model *models;
    unsigned n_models;
    uint64_t last_number;
    bool is_out; /* UNVERIFIABLE @mms was told */
    unsigned n_alerts;
    struct outage_models outages; /* of this directory and the others */
};

/* The watches are of the directory mms. Sets the world's hooks. */
void models_watch(struct models *models, struct world *world);
void models_clear(struct models *models);
#endif
