/* The verb `explain`: what an error text means, which watch it is about, and what the directory says. */
#ifndef DNDRIFT_CTL_EXPLAIN_VERB_H
#define DNDRIFT_CTL_EXPLAIN_VERB_H

#include "ctl/verb.h"

int explain_verb_run(const struct order *order);
#endif
