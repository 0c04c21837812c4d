/* The verb `dn`: one DN in all its forms, or two compared; asks nobody. */
#ifndef DNDRIFT_CTL_DN_VERB_H
#define DNDRIFT_CTL_DN_VERB_H

#include "ctl/request.h"

int dn_verb_run(const struct request *request);
#endif
