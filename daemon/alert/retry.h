/* When to try the outlet again: soon while a reader is alive and its queue is full, later and later while
 * there is none. Pure: gets what happened, answers how long to wait. */
#ifndef DNDRIFT_ALERT_RETRY_H
#define DNDRIFT_ALERT_RETRY_H

#include <stdint.h>

enum delivery {
    DELIVERY_TAKEN,
    DELIVERY_FULL,     /* the reader is there, its queue is full */
    DELIVERY_ABSENT,   /* nobody reads */
    DELIVERY_REFUSED,  /* it was read, and will never be taken */
    DELIVERY_UNDER_WAY /* not known yet; never the last word */
};

#define RETRY_FULL_MIN_MS   10 /* a reader that goes on empties its queue in less */
#define RETRY_FULL_MAX_MS   1000
#define RETRY_ABSENT_MIN_MS 1000
#define RETRY_ABSENT_MAX_MS 30000

/* Zeroed at first. */
struct retry {
    enum delivery last;
    int64_t wait_ms;
};

/* How many ms to wait before the next try. */
int64_t retry_step(struct retry *retry, enum delivery delivery);

#endif
