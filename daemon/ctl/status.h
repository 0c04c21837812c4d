/* The verb `status`: every watch as a table, or one watch with all that is known of it. */
#ifndef DNDRIFT_CTL_STATUS_H
#define DNDRIFT_CTL_STATUS_H

#include "ctl/request.h"

int status_run(const struct request *request);
#endif
