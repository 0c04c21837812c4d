/* The same line as record_plain_print(), built by libevtlog. What it leaves bare (`\`, C1, invalid UTF-8,
 * bidi) is escaped in the fields before it gets there; it adds \; in the description and \' in values, and
 * finds no control byte left to escape. */
#ifndef DNDRIFT_ALERT_RECORD_EVTLOG_H
#define DNDRIFT_ALERT_RECORD_EVTLOG_H

#include "alert/fields.h"

/* g_free() it; NULL if libevtlog found no memory. */
char *record_evtlog_print(const struct fields *fields);

#endif
