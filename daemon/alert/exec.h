/* The outlet `exec`: a program of the operator's, run for each event. */
#ifndef DNDRIFT_ALERT_EXEC_H
#define DNDRIFT_ALERT_EXEC_H

#include "alert/way.h"

extern const struct way_kind exec_way;

#endif
