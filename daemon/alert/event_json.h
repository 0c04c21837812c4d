/* An event for programs: one JSON object, or variables of an environment. Made clean on the way. */
#ifndef DNDRIFT_ALERT_EVENT_JSON_H
#define DNDRIFT_ALERT_EVENT_JSON_H

#include "judge/alert.h"

/* {"word", "name", "severity", "time", "sentence"} and the tags that are there, all texts. g_free() it. */
char *event_json_print(const struct alert *alert, const char *id);

#define EVENT_MAX_VARIABLE (64 * 1024) /* bytes; with a longer one than 128 KiB Linux starts no program */

/* The same as DNDRIFT_WORD=..., without what is longer than that, NULL-terminated; g_strfreev() it. */
char **event_json_environment(const struct alert *alert, const char *id);

#endif
