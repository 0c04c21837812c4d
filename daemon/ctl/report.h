/* What `check` prints about all the watches of a comparison, for Nagios or for programs. */
#ifndef DNDRIFT_CTL_REPORT_H
#define DNDRIFT_CTL_REPORT_H

#include "comparison.h"
#include "ctl/plugin.h"

struct report {
    const struct comparison *comparison;
    bool needs_pin;
    const char *why_unpinned; /* why the daemon told no pins; NULL: it did, or nobody asked */
    int64_t duration_ms;
};

/* Both answer the status of all. */
enum plugin_status report_print(const struct report *report);
enum plugin_status report_print_json(const struct report *report);

/* Nothing could be compared: sentences (char *), at least one. The status is `unknown`. */
enum plugin_status report_print_problems(GPtrArray *problems, bool is_json);
#endif
