/* What is known of a complaint: its meaning, and what the watches have to do with it, as one JSON object. */
#ifndef DNDRIFT_CTL_EXPLANATION_H
#define DNDRIFT_CTL_EXPLANATION_H

#include <jansson.h>

#include "ctl/complaint.h"
#include "ctl/watched.h"

#define EXPLANATION_MAX_WATCHES 10 /* that are told; further ones are counted */

/* A new reference. `directory` is where a watch of the name would look: its name in the configuration, NULL:
 * it cannot be told. All of it is clean text. */
json_t *explanation_new(const struct complaint *complaint, const struct watched *watched,
                        const char *directory);
#endif
