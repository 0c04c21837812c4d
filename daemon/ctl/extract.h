/* The verb `extract`: root reads where a consumer keeps its DN, and hands that to the daemon; asks nobody. */
#ifndef DNDRIFT_CTL_EXTRACT_H
#define DNDRIFT_CTL_EXTRACT_H

#include "ctl/request.h"

int extract_run(const struct request *request);
#endif
