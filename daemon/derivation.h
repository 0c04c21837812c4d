/* The configuration in force: that of the file, with a watch for each DN that the consumers tell. */
#ifndef DNDRIFT_DERIVATION_H
#define DNDRIFT_DERIVATION_H

#include "config/config.h"
#include "source/lookout.h"

/* A section with dn_from becomes a watch of its own name where its consumer tells one DN, or none; several
 * become watches by the names of config/family.h. */
struct config *derivation_of(const struct config *written, const struct lookout *lookout);

/* What the consumers told before, as the states of the store know it. */
void derivation_remember(struct lookout *lookout, const struct config *written, const GPtrArray *states);
#endif
