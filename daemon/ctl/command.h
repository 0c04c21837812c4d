/* The verbs that make the daemon do something. */
#ifndef DNDRIFT_CTL_COMMAND_H
#define DNDRIFT_CTL_COMMAND_H

#include "ctl/request.h"

int command_compare(const struct request *request);
int command_adopt(const struct request *request);
#endif
