/* The verb `history`: what happened to a watch, or to all, and who was told. */
#ifndef DNDRIFT_CTL_HISTORY_VERB_H
#define DNDRIFT_CTL_HISTORY_VERB_H

#include "ctl/request.h"

int history_verb_run(const struct request *request);
#endif
