/* The verbs that make the daemon do something. */
#ifndef DNDRIFT_CTL_COMMAND_H
#define DNDRIFT_CTL_COMMAND_H

#include "ctl/verb.h"

int command_compare(const struct order *order);
int command_adopt(const struct order *order);
#endif
