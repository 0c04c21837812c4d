/* From a request to its answer: what may be asked through which door, and under which path. */
#ifndef DNDRIFT_HEALTH_ROUTE_H
#define DNDRIFT_HEALTH_ROUTE_H

#include <event2/http.h>

#include "health/site.h"

/* Through which kind of socket it came. */
enum door {
    DOOR_TCP,    /* reading, under known names */
    DOOR_UNIX,   /* reading */
    DOOR_CONTROL /* reading and changing: its file is the owner's alone */
};

/* Exactly one answer, now or from a snapshot some turns later. */
void route_answer(struct site *site, enum door door, struct evhttp_request *request);
#endif
