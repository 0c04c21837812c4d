/* The verb `obtain`: the DN of a container, found by its name or by what it holds. Asks a directory, not the
 * daemon. */
#ifndef DNDRIFT_CTL_OBTAIN_H
#define DNDRIFT_CTL_OBTAIN_H

#include "ctl/request.h"

int obtain_run(const struct request *request);
#endif
