/* The parts of the running daemon, and the small pieces of state that hold them together. service.c makes and
 * frees it; edges.c, view.c and reload.c work on it. */
#ifndef DNDRIFT_PARTS_H
#define DNDRIFT_PARTS_H

#include <event2/event.h>

#include "alert/outbox.h"
#include "clocks.h"
#include "config/config.h"
#include "diagnostics.h"
#include "directory/directory.h"
#include "engine.h"
#include "health/health.h"
#include "notify.h"
#include "remarks.h"
#include "source/lookout.h"
#include "store/store.h"

struct parts {
    struct event_base *base;
    struct config *written; /* the configuration as the file has it */
    struct config *config;  /* in force: derived from it and from what the consumers tell */
    struct lookout *lookout;
    GHashTable *enquiries; /* round (uint64_t *) -> struct enquiry: the directories that the lookout asks */
    uint64_t n_enquiries;  /* so far */
    struct diagnostics *diagnostics;
    struct notify *notify;
    struct store *store;
    struct outbox *outbox;
    struct health *health;
    struct engine *engine;
    struct remarks *remarks;
    GHashTable *directories; /* name -> struct directory */
    char *prober;            /* path of dndrift-prober */

    struct event *tick;   /* the engine's clock */
    int64_t boot_tick_ms; /* when it rings */
    struct event *lag;    /* measures the loop's lag */
    int64_t mono_lag_due_us;
    double loop_lag_s;     /* greatest since the last scrape */
    struct event *mend;    /* after a commit failed: commit everything again */
    bool is_store_failing; /* the last commit failed */
    bool is_state_owed;    /* one of them failed, and what it held was not committed since */
    GPtrArray *owed;       /* of struct alert: what failed commits held for the history */
    bool is_last_reload_successful;
    int64_t wall_last_reload_ms;
    int64_t wall_start_ms;
    char *unready; /* why /readyz says no, as it was last shown */
};
#endif
