#include "directory/turn.h"

#include <glib.h>

#define CROWDED_US 2000

/* The cached time is that of the loop's last look for events. */
bool turn_is_crowded(struct event_base *base)
{
    struct timeval now, looked;

    event_base_gettimeofday_cached(base, &looked);
    evutil_gettimeofday(&now, NULL);
    return (int64_t)(now.tv_sec - looked.tv_sec) * G_USEC_PER_SEC + now.tv_usec - looked.tv_usec >=
           CROWDED_US;
}
