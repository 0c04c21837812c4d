/* A way out of the daemon: what an outlet hands its alerts to. One row of functions for each kind; a new kind
 * is a new row in outbox.c. */
#ifndef DNDRIFT_ALERT_WAY_H
#define DNDRIFT_ALERT_WAY_H

#include <event2/event.h>

#include "alert/letters.h"
#include "alert/retry.h"
#include "config/config.h"

#define WAY_ALL  0          /* in place of a number: all that is under way */
#define WAY_NONE UINT64_MAX /* ... something else that the way sent by itself */

/* What is told and open now, for a way that tells states: appends alerts (struct alert), see open_alerts.h.
 */
struct open_view {
    bool (*list)(void *user, unsigned index, GPtrArray *alerts);
    int (*find)(void *user, const char *name, GPtrArray *alerts);
    void *user;
};

/* What became of an alert that was under way; problem: a clause on why it was not taken, else NULL. Called
 * from the loop - from inside deliver only to say why it refuses. */
struct way_listener {
    void (*on_answer)(void *user, uint64_t number, enum delivery delivery, const char *problem);
    void (*on_sure)(void *user, uint64_t number); /* the end of the doubt about one that was taken */
    void *user;
    struct open_view open;
};

struct way_kind {
    /* Appends the names (g_intern_string()) of the outlets of this kind that the configuration asks for. */
    void (*list)(const struct config *config, GPtrArray *names);

    /* All that the way depends on, as one text: while that stays the same, so does the way. g_free() it. */
    char *(*describe)(const struct config *config, const char *name);
    void *(*open)(struct event_base *base, const struct config *config, const char *name,
                  const struct way_listener *listener);
    void (*free)(void *way);

    /* Begins with one letter, which stays the caller's; while that is under way it is there. Not
     * DELIVERY_UNDER_WAY: that was all, and if it was not taken, nothing happened. */
    enum delivery (*deliver)(void *way, const struct letter *letter);

    /* Gives up all that is under way, of which no more is heard. */
    void (*abandon)(void *way);

    /* How many may be under way at once. NULL: none ever is. */
    unsigned (*window)(const void *way);
    bool wants_members;  /* of letters that speak for many watches */
    int64_t deadline_ms; /* so long nothing may be heard of those; 0: the way sees to it */

    /* What takes an alert may lose it before anybody read it: the way remembers what was taken and sends it
     * again, until it is sure. NULL: what is taken has arrived. The daemon stops: what was taken, and not
     * lost as far as anybody knows, is sure. */
    void (*trust)(void *way);
};

#endif
