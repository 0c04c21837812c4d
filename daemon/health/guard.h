/* What one client may cost: a place among GUARD_MAX_CONNECTIONS over all listeners of one guard,
 * GUARD_DEADLINE_MS from accept to last byte, GUARD_MAX_INPUT bytes of input. Owned by health.c. */
#ifndef DNDRIFT_HEALTH_GUARD_H
#define DNDRIFT_HEALTH_GUARD_H

#include <event2/event.h>
#include <event2/http.h>

#define GUARD_MAX_CONNECTIONS 64    /* one more is accepted and closed */
#define GUARD_DEADLINE_MS     5000  /* evhttp's own time-out is one of inactivity: a trickle outlives it */
#define GUARD_MAX_INPUT       16384 /* bytes of a connection, four times what the headers may have */

/* Every answer of ours carries this header; what lacks it is a page evhttp made by itself. */
#define GUARD_MARK       "X-Content-Type-Options"
#define GUARD_MARK_VALUE "nosniff"

struct guard;

struct guard *guard_new(struct event_base *base);

/* From now on the connections of this server count. */
void guard_attach(struct guard *guard, struct evhttp *http);

/* Connections that are still closing keep what they need of it. NULL is fine. */
void guard_free(struct guard *guard);
#endif
