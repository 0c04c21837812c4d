/* Lines of a page of metrics: the head of a family and its samples, labels made clean and escaped. */
#ifndef DNDRIFT_HEALTH_SAMPLE_H
#define DNDRIFT_HEALTH_SAMPLE_H

#include <glib.h>
#include <stdint.h>

/* How a page is written. Samples are the same lines in both; heads are not. */
enum sample_format {
    SAMPLE_PROMETHEUS, /* the text format 0.0.4 */
    SAMPLE_OPENMETRICS /* 1.0: a family goes without the suffix of its samples, and tells its unit */
};

/* The head of a family. name: that of its samples; type: gauge, info, counter or histogram. */
void sample_family(GString *text, enum sample_format format, const char *name, const char *type,
                   const char *help);

/* One sample. labels: name, value, name, value, ..., NULL; a value may not be NULL. */
void sample_count(GString *text, const char *name, uint64_t value, ...) G_GNUC_NULL_TERMINATED;
void sample_number(GString *text, const char *name, double value, ...) G_GNUC_NULL_TERMINATED;

/* ... of a moment: Unix time in ms, printed in seconds. */
void sample_time(GString *text, const char *name, int64_t wall_ms, ...) G_GNUC_NULL_TERMINATED;
#endif
