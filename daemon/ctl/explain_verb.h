/* The verb `explain`: what an error text means, which watch it is about, and what the directory says. */
#ifndef DNDRIFT_CTL_EXPLAIN_VERB_H
#define DNDRIFT_CTL_EXPLAIN_VERB_H

#include "ctl/request.h"

int explain_verb_run(const struct request *request);
#endif
