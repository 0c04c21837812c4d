/* What one Alertmanager is to be told next, in bodies of requests that are small enough: what a letter says,
 * and from time to time all that is open. It is told how things stand when a body is made, so that nothing
 * told late brings back what is over. Owned by alertmanager.c. */
#ifndef DNDRIFT_ALERT_TELLING_H
#define DNDRIFT_ALERT_TELLING_H

#include "alert/ledger.h"
#include "alert/letters.h"
#include "alert/way.h"

#define TELLING_MAX_ALERTS   64               /* in one body, */
#define TELLING_MAX_BYTES    (256 * 1024)     /* ... or as many as fit in here, and a few more */
#define TELLING_INTERVALS    4                /* so many intervals without a word end what goes on, */
#define TELLING_MAX_SWEEP_MS (10 * 60 * 1000) /* ... or so many sweeps, if one takes longer; up to this */

struct position {
    unsigned place, ended;
};

struct telling {
    struct alertmanager_config config;
    struct open_view open;
    struct ledger ledger;
    const struct letter *letter; /* NULL: none; its owner's */
    unsigned next_member;        /* of the letter */
    bool is_sweeping;            /* tells all that is open */
    int64_t mono_sweep_ms;       /* since when, or since that was held up */
    int64_t sweep_ms;            /* that the last one took */
    unsigned next_place;         /* of those */
    unsigned next_ended;         /* of those that have ended of late, which come last */
    struct position begun;       /* of the latest body */
    bool is_again;               /* that one is told once more */
};

/* Copies the settings. */
void telling_init(struct telling *telling, const struct alertmanager_config *config,
                  const struct open_view *open);
void telling_clear(struct telling *telling);

void telling_take_letter(struct telling *telling, const struct letter *letter);
void telling_start_sweep(struct telling *telling);
void telling_stop(struct telling *telling); /* drops the letter; the sweep waits */

/* The latest body of the sweep did not arrive: it is told once more, and then no more, so that what never
 * arrives keeps nothing else from being told. */
void telling_take_back(struct telling *telling);

/* An array of JSON, g_free() it; NULL: that was all, and the letter or the sweep is done. */
char *telling_next_of_letter(struct telling *telling);
char *telling_next_of_sweep(struct telling *telling);

#endif
