/* From the reply to the DN question to the observation: the further searches that one question takes, one at
 * a time. */
#ifndef DNDRIFT_PROBER_INQUIRY_H
#define DNDRIFT_PROBER_INQUIRY_H

#include "prober/probe.h"

/* reply: to the DN question; of no use where a value is compared. The observation is the caller's. NULL: the
 * connection was lost on the way. */
struct observation *inquiry_finish(struct probe *probe, const struct question *question,
                                   const struct reply *reply);

/* Whether more than one search leads to the entry, so that no DN question goes ahead: who bears a value, what
 * a canonical name means. */
bool inquiry_takes_its_time(const struct question *question);
#endif
