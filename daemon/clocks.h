/* The two clocks that a moment is read from, and lengths of time as libevent takes them. */
#ifndef DNDRIFT_CLOCKS_H
#define DNDRIFT_CLOCKS_H

#include <sys/time.h>

#include "judge/alarm.h"

/* Both clocks, now. */
struct now clocks_now(void);

struct timeval clocks_delay(int64_t ms);
#endif
