/* A page of the history as JSON: the body of /history. */
#ifndef DNDRIFT_HEALTH_HISTORY_JSON_H
#define DNDRIFT_HEALTH_HISTORY_JSON_H

#include "judge/history.h"

/* g_free() it. */
char *history_json(const struct history_page *page, int64_t wall_now_ms);
#endif
