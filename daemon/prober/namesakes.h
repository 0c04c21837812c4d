/* The containers that bear a name, wherever they are. */
#ifndef DNDRIFT_PROBER_NAMESAKES_H
#define DNDRIFT_PROBER_NAMESAKES_H

#include "prober/gathering.h"

#define NAMESAKES_MAX_ENTRIES 1000 /* that are looked at */

/* Adds them to the finds: those that hold entries or are made to, else whatever bears the name. It may also
 * be their legacyExchangeDN. false: the connection is lost. */
bool namesakes_find(struct gathering *gathering, const char *name);
#endif
