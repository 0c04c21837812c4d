/* What the API of Alertmanager is told of a watch or a directory: one alert of its own for each kind of
 * trouble, which labels tell apart that never change, and of which annotations say how it is now. Pure text.
 */
#ifndef DNDRIFT_ALERT_FIRING_H
#define DNDRIFT_ALERT_FIRING_H

#include "config/config.h"
#include "judge/alert.h"

#define FIRING_MAX_TEXT 4096 /* bytes of one annotation; a longer one ends in ...(+N), as in the log */

enum firing { FIRING_DRIFT, FIRING_INVALID, FIRING_UNVERIFIABLE, FIRING_COUNT };

/* What a word says of one kind of trouble. */
enum firing_effect {
    FIRING_STAYS,      /* nothing */
    FIRING_BEGINS,     /* it is there, be it longer already */
    FIRING_ENDS,       /* it is over, if it was there */
    FIRING_ENDS_SURELY /* it was there, unless another kind was; and it is over */
};

enum firing_effect firing_effect(enum word word, enum firing firing);
bool firing_is_concerned(enum word word); /* whether it says something of any kind */

/* The label; severity: of the drifts of the watch. */
const char *firing_severity(enum firing firing, int severity);

struct firing_post {
    enum firing firing;
    const struct alert *alert;
    int severity;           /* syslog number, of the drifts of the watch */
    int64_t wall_starts_ms; /* 0: not known */
    int64_t wall_ends_ms;   /* of what goes on: when it ends if nothing more is said */
    int64_t wall_now_ms;    /* 0: it has ended, and has no age any more */
};

/* Appends it as an object of JSON, ["labels", "annotations", "startsAt", "endsAt", "generatorURL"]. */
void firing_print(GString *out, const struct firing_post *post, const struct alertmanager_config *config);

#endif
