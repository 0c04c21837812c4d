/* The process_* families of Prometheus' client libraries, as far as the sandbox lets them be read. */
#ifndef DNDRIFT_HEALTH_PROCESS_METRICS_H
#define DNDRIFT_HEALTH_PROCESS_METRICS_H

#include "health/sample.h"

/* wall_start_ms: from the clock, because /proc/stat is hidden. */
void process_metrics_append(GString *text, enum sample_format format, int64_t wall_start_ms);
#endif
