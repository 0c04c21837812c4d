/* /history: what the store remembers of transitions. It answers from a thread of its own, so requests wait
 * here, and its pages are written in slices of a few milliseconds. Owned by the site. */
#ifndef DNDRIFT_HEALTH_HISTORY_H
#define DNDRIFT_HEALTH_HISTORY_H

#include <event2/http.h>

#include "health/health.h"

struct history;

struct history *history_new(struct event_base *base, const struct health_view *view);

/* Answers /history?watch=NAME&limit=N&before=NUMBER, now or later. */
void history_answer(struct history *history, struct evhttp_request *request);

/* Before evhttp_free(), which frees the requests that wait. NULL is fine. */
void history_free(struct history *history);
#endif
