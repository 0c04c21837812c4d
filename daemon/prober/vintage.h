/* How new the data of a server is, as text: `contextCSN:VALUE VALUE...` of OpenLDAP, one value a server that
 * takes changes, sorted; `highestCommittedUSN:NUMBER@SERVICE` of Active Directory, where SERVICE says whose
 * count it is. Read before anything is asked: what was answered is not older. */
#ifndef DNDRIFT_PROBER_VINTAGE_H
#define DNDRIFT_PROBER_VINTAGE_H

#include "prober/probe.h"

/* Attributes of the root DSE of Active Directory. */
#define VINTAGE_USN "highestCommittedUSN"
#define VINTAGE_DSA "dsServiceName"

/* NULL if the root DSE does not tell both. g_free() it. */
char *vintage_of_root(const struct entry *root);

/* Reads that of each naming context which holds a DN of the questions (of struct question), where the entry
 * at its top tells it. false: the connection is lost. */
bool vintage_read(struct probe *probe, GPtrArray *questions);
#endif
