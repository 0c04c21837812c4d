/* A large page: built in slices of a few milliseconds, then shared by all who ask while it is fresh. What
 * took long to build stays fresh for long, so that building takes a small part of the time whatever clients
 * do. Owned by the site. */
#ifndef DNDRIFT_HEALTH_SNAPSHOT_H
#define DNDRIFT_HEALTH_SNAPSHOT_H

#include <event2/http.h>
#include <glib.h>

#include "health/health.h"

#define SNAPSHOT_SLICE_MS 4
#define SNAPSHOT_REST     20 /* fresh for that many times what it took; one built in a slice is never kept */

/* How one page is made from what is known. */
struct snapshot_kind {
    const char *type; /* Content-Type */
    void *(*begin)(const struct health_view *view);
    void (*add)(void *draft, const struct watch_state *state, struct now now);
    char *(*finish)(void *draft, const struct health_view *view,
                    int *ret_code); /* the text; frees the draft */
    void (*discard)(void *draft);
};

struct snapshot;

struct snapshot *snapshot_new(struct event_base *base, const struct health_view *view,
                              const struct snapshot_kind *kind);

/* Answers, now or some turns later. */
void snapshot_answer(struct snapshot *snapshot, struct evhttp_request *request);

/* The watches are others now: what is half built begins again. */
void snapshot_restart(struct snapshot *snapshot);

/* Before evhttp_free(), which frees the requests that wait. NULL is fine. */
void snapshot_free(struct snapshot *snapshot);
#endif
