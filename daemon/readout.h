/* One reading of what the consumers tell: the configuration in force, for a program that runs once. */
#ifndef DNDRIFT_READOUT_H
#define DNDRIFT_READOUT_H

#include <event2/event.h>

#include "config/config.h"

/* Of the watches of `written`, or of the one section that makes a watch of the name `only`. Runs the loop
 * until each source was read, or takes too long (LOOKOUT_SLOW_MS, or the deadlines of the directory that
 * keeps it). prober: path of dndrift-prober. The caller owns the configuration. */
struct config *readout_of(struct event_base *base, const char *prober, const struct config *written,
                          const char *only);
#endif
