/* The diagnosis of a DN that does not exist (Microsoft KB Q260907): below the deepest ancestor that does, is
 * there an entry that the operator may have meant? */
#ifndef DNDRIFT_PROBER_LOOKALIKE_H
#define DNDRIFT_PROBER_LOOKALIKE_H

#include "prober/probe.h"

/* Looks one level below matched_dn for the value of the first missing RDN of dn: as displayName, description
 * and so on, or as an RDN of another type. ret_lookalike->dn stays NULL if there is none, or no answer: this
 * is a hint, not a verdict. false: the connection is lost. */
bool lookalike_find(struct probe *probe, const struct dn *dn, const char *matched_dn,
                    struct lookalike *ret_lookalike);
#endif
