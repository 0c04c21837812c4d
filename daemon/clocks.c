#include "clocks.h"

#include <glib.h>
#include <time.h>

struct now clocks_now(void)
{
    struct timespec boot;

    clock_gettime(CLOCK_BOOTTIME, &boot);
    return (struct now){(int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000, g_get_real_time() / 1000};
}

struct timeval clocks_delay(int64_t ms)
{
    return (struct timeval){(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
}
