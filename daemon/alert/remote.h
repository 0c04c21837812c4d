/* The outlets that are syslog servers on the network, each named by its URI: a courier takes the messages
 * there. */
#ifndef DNDRIFT_ALERT_REMOTE_H
#define DNDRIFT_ALERT_REMOTE_H

#include "alert/way.h"

extern const struct way_kind remote_way;

#endif
