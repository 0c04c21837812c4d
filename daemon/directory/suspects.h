/* The DNs whose question ended a prober, or let it miss its deadline: a bounded memory, oldest forgotten
 * first. Owned by the lane: what ends the
 * prober of one server need not end that of another. */
#ifndef DNDRIFT_DIRECTORY_SUSPECTS_H
#define DNDRIFT_DIRECTORY_SUSPECTS_H

#include <stdbool.h>

#define SUSPECTS_MAX   256
#define SUSPECTS_TWICE 2 /* so often fatal, and it is asked alone and last */

struct suspects;

struct suspects *suspects_new(void);
void suspects_free(struct suspects *suspects);

void suspects_accuse(struct suspects *suspects, const char *dn);
void suspects_clear(struct suspects *suspects, const char *dn); /* it was answered */
bool suspects_is_empty(const struct suspects *suspects);
bool suspects_has(const struct suspects *suspects, const char *dn);
#endif
