/* /metrics, in the Prometheus text format 0.0.4 and in that of OpenMetrics 1.0. One pass over the watches;
 * every verdict and reason is there, at 0 too, and the series of a watch that is gone are gone with it. */
#ifndef DNDRIFT_HEALTH_METRICS_H
#define DNDRIFT_HEALTH_METRICS_H

#include "health/snapshot.h"

extern const struct snapshot_kind metrics_prometheus;
extern const struct snapshot_kind metrics_openmetrics;
#endif
