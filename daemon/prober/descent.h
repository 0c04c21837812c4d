/* A DN followed from the top down, each of its components by whatever name people know the entry: a display
 * name in place of the directory name is the mistake of Microsoft KB Q260907. */
#ifndef DNDRIFT_PROBER_DESCENT_H
#define DNDRIFT_PROBER_DESCENT_H

#include "prober/gathering.h"

/* Adds what `text` leads to to the finds: a DN in any form, also the end of one alone. A text that is no DN
 * leads nowhere. false: the connection is lost. */
bool descent_run(struct gathering *gathering, const char *text);
#endif
