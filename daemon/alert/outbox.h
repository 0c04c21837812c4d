/* The outbox in memory: alerts on their way to the outlets of the configuration, each outlet with a queue of
 * its own. Owned by service.c. */
#ifndef DNDRIFT_ALERT_OUTBOX_H
#define DNDRIFT_ALERT_OUTBOX_H

#include <event2/event.h>

#include "alert/outlet.h"
#include "config/config.h"
#include "judge/alert.h"

struct outbox;

/* store_id: first half of the alert id. listener is borrowed. */
struct outbox *outbox_new(struct event_base *base, const struct config *config, const char *store_id,
                          const struct outlet_listener *listener, void *user);

/* Appends the names (g_intern_string()) of the outlets that are told of what happens now. */
void outbox_list(const struct outbox *outbox, GPtrArray *names);

/* Takes the alert, which is for these outlets, and its members, see struct letter; is_stored: the store holds
 * it as well. In order of number. An outlet that is not there any more gives it up. */
void outbox_add(struct outbox *outbox, struct alert *alert, GPtrArray *members, bool is_stored,
                const GPtrArray *outlets);

/* What waits for an outlet that was taken out is given up; a new one begins with the next alert. */
void outbox_reload(struct outbox *outbox, const struct config *config);

unsigned outbox_depth(const struct outbox *outbox); /* of all outlets together */
unsigned outbox_n_outlets(const struct outbox *outbox);
struct outlet_figures outbox_outlet(const struct outbox *outbox, unsigned index);

/* Tries what waits at once, each alert once, where an outlet answers at once. */
void outbox_flush(struct outbox *outbox);

/* One last try at what is left, then gone. */
void outbox_free(struct outbox *outbox);
#endif
