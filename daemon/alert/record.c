#include "config.h"

#include "alert/record.h"

#include "alert/fields.h"
#include "alert/record_plain.h"
#ifdef HAVE_EVTLOG
#include "alert/record_evtlog.h"
#endif

#include <string.h>

static char *record_print(const struct fields *fields)
{
    char *line = NULL;

#ifdef HAVE_EVTLOG
    line = record_evtlog_print(fields);
#endif
    return line ? line : record_plain_print(fields);
}

/* What the daemon writes fits with whole values of RECORD_MAX_VALUE; should it not, all of them give way
 * alike. */
char *record_format(const struct alert *alert, const char *id)
{
    for (size_t max_bytes = RECORD_MAX_VALUE;; max_bytes /= 2) {
        struct fields fields;
        char *line;

        fields_fill(&fields, alert, id, max_bytes);
        line = record_print(&fields);
        fields_clear(&fields);
        if (strlen(line) <= RECORD_MAX_BYTES)
            return line;
        g_free(line);
    }
}
