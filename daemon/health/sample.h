/* Lines of the Prometheus text format 0.0.4: the head of a family and its samples, labels made clean and
 * escaped. */
#ifndef DNDRIFT_HEALTH_SAMPLE_H
#define DNDRIFT_HEALTH_SAMPLE_H

#include <glib.h>
#include <stdint.h>

/* HELP and TYPE; type is gauge, counter or histogram. */
void sample_family(GString *text, const char *name, const char *type, const char *help);

/* One sample. labels: name, value, name, value, ..., NULL; a value may not be NULL. */
void sample_count(GString *text, const char *name, uint64_t value, ...) G_GNUC_NULL_TERMINATED;
void sample_number(GString *text, const char *name, double value, ...) G_GNUC_NULL_TERMINATED;

/* ... of a moment: Unix time in ms, printed in seconds. */
void sample_time(GString *text, const char *name, int64_t wall_ms, ...) G_GNUC_NULL_TERMINATED;
#endif
