/* The verbs of the control socket: what changes state is POST and goes this way only. Answers are
 * {"ok":bool,"sentence":...}. */
#ifndef DNDRIFT_HEALTH_CONTROL_H
#define DNDRIFT_HEALTH_CONTROL_H

#include <event2/http.h>

#include "health/health.h"

/* POST /compare, /reload, /watches/NAME/adopt, /watches/NAME/compare. 200 done, 409 could not, 404 no such
 * verb or watch. */
void control_answer(const struct health_view *view, struct evhttp_request *request, const char *path);
#endif
