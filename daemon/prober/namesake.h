/* Whether an entry bears a name that was given: as its directory name, or in one of the attributes where
 * people read names. */
#ifndef DNDRIFT_PROBER_NAMESAKE_H
#define DNDRIFT_PROBER_NAMESAKE_H

#include "dn/dn.h"
#include "prober/kind.h"

#define NAMESAKE_NONE (KIND_MAX_NAMES + 1)

/* The value of an RDN where it is one plain text, else NULL. */
const char *namesake_of(const struct dn_rdn *rdn);

/* How well the name fits: 0 is best, the directory name itself, whatever its type; NAMESAKE_NONE: it is none
 * of the names that we see. attributes: NULL-terminated, what says most first. *ret_attribute: the one that
 * holds it, "type" for the directory name; untouched if none does. */
unsigned namesake_rank(const struct entry *entry, const char *const *attributes, const char *name,
                       const char **ret_attribute);

/* The filter of entries that bear it in one of the attributes. g_free() it. */
char *namesake_filter(const char *const *attributes, const char *name);
#endif
