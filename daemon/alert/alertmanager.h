/* Alertmanagers: each is told by its API, version 2, through a courier of its own, what has changed and,
 * again and again, what is open. */
#ifndef DNDRIFT_ALERT_ALERTMANAGER_H
#define DNDRIFT_ALERT_ALERTMANAGER_H

#include "alert/way.h"

extern const struct way_kind alertmanager_way; /* listed if [alertmanager] is there */

#endif
