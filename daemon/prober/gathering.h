/* What a search for containers has gathered: those found, each once, and what keeps the answer from being
 * whole. Owned by the candidates. */
#ifndef DNDRIFT_PROBER_GATHERING_H
#define DNDRIFT_PROBER_GATHERING_H

#include "dn/dn.h"
#include "prober/probe.h"

#define GATHERING_MAX_FINDS 10000

/* A container before it was looked at. */
struct find {
    char *dn;              /* as the directory spells it */
    const char *attribute; /* that holds the name; "type": its RDN does; NULL: not told. Static */
    unsigned rank;         /* of the name, as namesake_rank() has it */
    uint32_t n_matching;   /* entries right below that match, as far as they were seen */
};

struct gathering {
    struct probe *probe;              /* borrowed */
    const struct wire_wanted *wanted; /* borrowed */
    int64_t ends_ms;                  /* monotonic: no search begins later */
    GPtrArray *finds;                 /* of struct find */
    GHashTable *by_place;             /* dn_key() -> struct find, borrowed */
    struct wire_obtained obtained;    /* is_complete and the remarks */
    bool is_answered;                 /* by one search at least */
    struct failure failure;           /* of the first that was not */
};

void gathering_init(struct gathering *gathering, struct probe *probe, const struct wire_wanted *wanted);
void gathering_clear(struct gathering *gathering);

/* Whether there is time for another search; says so, once, when there is none. */
bool gathering_has_time(struct gathering *gathering);

/* What people are to know, WIRE_MAX_REMARKS at most; each once. */
void gathering_remark(struct gathering *gathering, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same of what may be missing. */
void gathering_cut(struct gathering *gathering, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Takes note of how a search below `base` ended: what keeps it from being complete. */
void gathering_note(struct gathering *gathering, const char *base, const struct reply *reply);

/* The container at `dn` (parsed: `place`; NULL: it is to be parsed), a new one if it was not found before.
 * NULL: it is no DN to us, or there are too many; that is remarked. */
struct find *gathering_add(struct gathering *gathering, const char *dn, const struct dn *place);
#endif
