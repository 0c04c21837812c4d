/* The outlet `syslog`: the log of this host. */
#ifndef DNDRIFT_ALERT_LOCAL_H
#define DNDRIFT_ALERT_LOCAL_H

#include "alert/way.h"

extern const struct way_kind local_way;

#endif
