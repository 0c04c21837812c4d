/* The verb `check`: one comparison without the daemon, told as a Nagios plugin tells it. */
#ifndef DNDRIFT_CTL_CHECK_H
#define DNDRIFT_CTL_CHECK_H

#include "ctl/request.h"

/* Whatever keeps it from comparing is `unknown` as well: the exit status 2 is drift alone. */
int check_run(const struct request *request);
#endif
