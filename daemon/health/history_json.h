/* A page of the history as JSON, entry by entry: the body of /history. */
#ifndef DNDRIFT_HEALTH_HISTORY_JSON_H
#define DNDRIFT_HEALTH_HISTORY_JSON_H

#include "judge/history.h"

/* {"version":1,"time":..,"next":..,"history":[ so far. */
GString *history_json_begin(const struct history_page *page, int64_t wall_now_ms);
void history_json_add(GString *text, const struct history_entry *entry);

/* Takes the text; g_free() what it answers. */
char *history_json_end(GString *text);
#endif
