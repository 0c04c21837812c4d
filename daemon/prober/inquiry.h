/* From the reply to the DN question to the observation: the further searches that one question takes, one at
 * a time. */
#ifndef DNDRIFT_PROBER_INQUIRY_H
#define DNDRIFT_PROBER_INQUIRY_H

#include "prober/probe.h"

/* reply: to the DN question; of no use where a value is compared. The observation is the caller's. NULL: the
 * connection was lost on the way. */
struct observation *inquiry_finish(struct probe *probe, const struct question *question,
                                   const struct reply *reply);
#endif
