/* What is served, whatever the door: the view, the names the endpoint goes by, and the large pages. Owned by
 * health.c. */
#ifndef DNDRIFT_HEALTH_SITE_H
#define DNDRIFT_HEALTH_SITE_H

#include "health/health.h"
#include "health/history.h"
#include "health/snapshot.h"

enum site_page { SITE_WATCHES, SITE_HEALTH, SITE_METRICS, SITE_OPENMETRICS, SITE_PEOPLE, SITE_PAGES };

struct site {
    struct health_view view;
    GPtrArray *names; /* of char *, NULL at the end: for host_is_allowed() */
    struct snapshot *pages[SITE_PAGES];
    struct history *history;
};

struct site *site_new(struct event_base *base, const struct health_view *view);

/* Names and watches as this configuration has them. */
void site_reload(struct site *site, const struct config *config);
void site_free(struct site *site); /* before evhttp_free(); NULL is fine */
#endif
