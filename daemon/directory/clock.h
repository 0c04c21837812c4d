/* The monotonic clock of this folder's deadlines and back-offs; it stands still while the machine sleeps, and
 * no step of the wall clock moves it. */
#ifndef DNDRIFT_DIRECTORY_CLOCK_H
#define DNDRIFT_DIRECTORY_CLOCK_H

#include <glib.h>
#include <stdint.h>

static inline int64_t clock_ms(void)
{
    return g_get_monotonic_time() / 1000;
}
#endif
