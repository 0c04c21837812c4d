/* The families of /metrics that are about outlets. */
#ifndef DNDRIFT_HEALTH_OUTLET_METRICS_H
#define DNDRIFT_HEALTH_OUTLET_METRICS_H

#include <glib.h>

#include "health/health.h"
#include "health/sample.h"

void outlet_metrics_append(GString *text, enum sample_format format, const struct health_view *view);
#endif
