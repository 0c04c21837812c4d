/* One outlet: the alerts that wait for it, oldest first, each handed to its way until that took it; with a
 * queue, a back-off and figures of its own, so that none waits for another. Owned by the outbox. */
#ifndef DNDRIFT_ALERT_OUTLET_H
#define DNDRIFT_ALERT_OUTLET_H

#include "alert/letters.h"
#include "alert/way.h"

#define OUTLET_RING                                                                                          \
    1000 /* alerts held when the store could not take them; then the oldest of those goes first */

#define OUTLET_MAX_STORED                                                                                    \
    100000 /* alerts that wait while nobody reads; then the oldest reminder goes first, else the oldest */

struct outlet;

/* outlet: its name, g_intern_string(). */
struct outlet_listener {
    void (*on_told)(void *user, const char *outlet, uint64_t number); /* it took it */
    void (*on_sent)(void *user, const char *outlet, uint64_t number); /* and it has arrived: the row may go */
    void (*on_given_up)(void *user, const char *outlet, uint64_t number, const char *why); /* the same */

    /* It is tried again; until then alerts wait, or - none does - it is not told again what is open. */
    void (*on_failure)(void *user, const char *outlet, bool do_alerts_wait, const char *problem);
    bool (*list_open)(void *user, unsigned index, GPtrArray *alerts); /* see struct open_view */
    int (*find_open)(void *user, const char *name, GPtrArray *alerts);
};

struct outlet_figures {
    const char *name;
    unsigned depth;
    int64_t oldest_ms; /* how long the oldest has waited; 0 if there is none */
    uint64_t sent_total;
    uint64_t failures_total; /* attempts that it did not take */
};

/* listener is borrowed. */
struct outlet *outlet_new(struct event_base *base, const struct way_kind *kind, const char *name,
                          const struct config *config, const struct outlet_listener *listener, void *user);
const char *outlet_name(const struct outlet *outlet);
struct outlet_figures outlet_figures(const struct outlet *outlet);

bool outlet_wants_members(const struct outlet *outlet);

/* Takes the letter. In order of number. Never blocks; retries as retry.h says. */
void outlet_add(struct outlet *outlet, struct letter *letter);

/* A way that depends on something else now is opened anew, and tried at once. */
void outlet_reload(struct outlet *outlet, const struct config *config);

/* The last moment: tries what waits at once, each alert once, if the way answers at once. */
void outlet_flush(struct outlet *outlet);

void outlet_give_up(struct outlet *outlet, const char *why); /* everything that waits */
void outlet_free(struct outlet *outlet);
#endif
