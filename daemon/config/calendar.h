/* A time that comes again: a part of what systemd.time(7) calls a calendar event, `[WEEKDAYS] HH:MM` in local
 * time, the weekdays being Mon to Sun, lists (Sat,Sun) and ranges (Mon..Fri) of them. */
#ifndef DNDRIFT_CONFIG_CALENDAR_H
#define DNDRIFT_CONFIG_CALENDAR_H

#include "config/value.h"

struct calendar {
    unsigned weekdays; /* bit 0 is Monday; 0: no calendar */
    int minute;        /* of the day */
};

/* Whether something that begins at each of these times and lasts so long is going on, and when it next begins
 * or ends. A time that the clock leaves out when it is put forward is when it goes on; of two that it
 * repeats when it is put back the second counts. */
bool calendar_is_on(const struct calendar *calendar, int64_t duration_ms, int64_t wall_ms,
                    int64_t *ret_wall_next_ms);

extern const struct value_type value_calendar; /* struct calendar */
extern const struct value_type value_moment;   /* int64_t, Unix time in ms */
#endif
