/* The line of a record by our own rules, for hosts without libevtlog. */
#ifndef DNDRIFT_ALERT_RECORD_PLAIN_H
#define DNDRIFT_ALERT_RECORD_PLAIN_H

#include "alert/fields.h"

/* DESCRIPTION; name='value', name='value' - the description alone if there are no tags. g_free() it. */
char *record_plain_print(const struct fields *fields);

#endif
