/* The monotonic clock of this folder, and timers that ring by it. */
#ifndef DNDRIFT_ALERT_CLOCK_H
#define DNDRIFT_ALERT_CLOCK_H

#include <event2/event.h>
#include <glib.h>
#include <stdint.h>

static inline int64_t clock_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

static inline void clock_arm(struct event *timer, int64_t wait_ms)
{
    const struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};

    event_add(timer, &wait);
}
#endif
