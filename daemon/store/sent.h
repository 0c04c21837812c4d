/* A note that an alert went out, on its way from the outbox to the tables. */
#ifndef DNDRIFT_STORE_SENT_H
#define DNDRIFT_STORE_SENT_H

#include <stdint.h>

struct sent {
    uint64_t number;
    const char *outlet;   /* a name that never goes away */
    int64_t wall_time_ms; /* when it took the alert; 0: it never will, there was no room */
};

#endif
