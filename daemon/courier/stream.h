/* Posts that go out one after another on one link, as to a syslog server: each is told as taken once the
 * other side has acknowledged it. */
#ifndef DNDRIFT_COURIER_STREAM_H
#define DNDRIFT_COURIER_STREAM_H

#include "courier/desk.h"
#include "courier/order.h"

/* Until the daemon is gone, or the link ends, which the desk is told. */
void stream_carry(struct desk *desk, const struct order *order);

#endif
