/* One watch as JSON: the object W of /watches and /watches/NAME. Values that are not known are absent; texts
 * from a directory are clean. */
#ifndef DNDRIFT_HEALTH_WATCH_JSON_H
#define DNDRIFT_HEALTH_WATCH_JSON_H

#include <jansson.h>

#include "health/snapshot.h"
#include "judge/state.h"

/* A new reference. */
json_t *watch_json(const struct watch_state *state, struct now now);

/* {"version":1,"time":..,"watches":[W..]} */
extern const struct snapshot_kind watch_json_list;

/* Sets a text, made clean, or a moment (Unix time in ms; 0: never); NULL and 0 set nothing. */
void watch_json_set_text(json_t *object, const char *key, const char *text);
void watch_json_set_time(json_t *object, const char *key, int64_t wall_ms);

/* Sets `changed`: who changed an entry, when and where, as far as that is known. */
void watch_json_set_changed(json_t *object, const struct stamp *stamp);
#endif
