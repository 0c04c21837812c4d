/* The families of /metrics that are about directories and their servers. */
#ifndef DNDRIFT_HEALTH_DIRECTORY_METRICS_H
#define DNDRIFT_HEALTH_DIRECTORY_METRICS_H

#include <glib.h>

#include "health/health.h"

void directory_metrics_append(GString *text, const struct health_view *view);
#endif
