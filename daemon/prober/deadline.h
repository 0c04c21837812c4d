/* When to stop waiting: milliseconds on the monotonic clock. The daemon kills a prober that is late; a prober
 * that stops a little sooner can say what it was waiting for. */
#ifndef DNDRIFT_PROBER_DEADLINE_H
#define DNDRIFT_PROBER_DEADLINE_H

#include <glib.h>
#include <stdint.h>

static inline int64_t deadline_in(int64_t timeout_ms)
{
    return g_get_monotonic_time() / 1000 + timeout_ms - timeout_ms / 10;
}

static inline int64_t deadline_left_ms(int64_t deadline_ms)
{
    return MAX(deadline_ms - g_get_monotonic_time() / 1000, 0);
}
#endif
