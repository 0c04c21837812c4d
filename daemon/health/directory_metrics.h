/* The families of /metrics that are about directories and their servers. */
#ifndef DNDRIFT_HEALTH_DIRECTORY_METRICS_H
#define DNDRIFT_HEALTH_DIRECTORY_METRICS_H

#include "health/health.h"
#include "health/sample.h"

void directory_metrics_append(GString *text, enum sample_format format, const struct health_view *view);
#endif
