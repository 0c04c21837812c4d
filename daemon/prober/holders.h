/* The containers that hold entries matching a filter, and how many each. */
#ifndef DNDRIFT_PROBER_HOLDERS_H
#define DNDRIFT_PROBER_HOLDERS_H

#include "prober/gathering.h"

#define HOLDERS_MAX_ENTRIES 100000 /* that are looked at */

/* Adds them to the finds. false: the connection is lost. */
bool holders_find(struct gathering *gathering, const char *filter);
#endif
