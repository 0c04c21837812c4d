/* The outbox in memory: alerts on their way to an outlet, oldest first, each sent until the outlet took it.
 * Owned by main.c. */
#ifndef DNDRIFT_ALERT_OUTBOX_H
#define DNDRIFT_ALERT_OUTBOX_H

#include <event2/event.h>

#include "config/config.h"
#include "judge/alert.h"

#define OUTBOX_RING                                                                                          \
    1000 /* alerts held when the store could not take them; then the oldest of those goes first */

#define OUTBOX_MAX_STORED                                                                                    \
    100000 /* alerts that wait while nobody reads; then the oldest reminder goes first, else the oldest */

struct outbox;

struct outbox_listener {
    void (*on_sent)(void *user, uint64_t number);    /* the socket took it: its row may go */
    void (*on_dropped)(void *user, uint64_t number); /* there was no room: nobody was told, its row may go */
};

/* store_id: first half of the alert id. Never blocks, retries 1 s to 30 s while the socket is absent or full.
 */
struct outbox *outbox_new(struct event_base *base, const struct config *config, const char *store_id,
                          const struct outbox_listener *listener, void *user);

/* Takes the alert, which the store holds as well. In order of number. */
void outbox_add(struct outbox *outbox, struct alert *alert);

/* Takes an alert that the store failed to keep: bounded by OUTBOX_RING. */
void outbox_add_unstored(struct outbox *outbox, struct alert *alert);

void outbox_reload(struct outbox *outbox, const struct config *config);

unsigned outbox_depth(const struct outbox *outbox);
int64_t outbox_oldest_ms(const struct outbox *outbox); /* how long the oldest has waited; 0 if empty */
uint64_t outbox_sent_total(const struct outbox *outbox);
uint64_t outbox_failures_total(const struct outbox *outbox);

/* Tries what waits at once, each alert once. */
void outbox_flush(struct outbox *outbox);

/* One last try at what is left, then gone. */
void outbox_free(struct outbox *outbox);
#endif
