#include "alert/packet.h"

#include <glib.h>
#include <syslog.h>
#include <time.h>

/* strftime() would write the month in the operator's language. */
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

char *packet_print(int facility, int severity, int64_t wall_time_ms, long pid, const char *line)
{
    time_t seconds = (time_t)(wall_time_ms / 1000);
    int priority = (facility & LOG_FACMASK) | (severity & LOG_PRIMASK);
    struct tm time = {0};

    localtime_r(&seconds, &time);
    return g_strdup_printf("<%d>%s %2d %02d:%02d:%02d dndriftd[%ld]: %s", priority, months[time.tm_mon % 12],
                           time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec, pid, line);
}
