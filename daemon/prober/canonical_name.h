/* The entry that a canonical name of Active Directory leads to: it does not tell attribute types, so the
 * directory is walked from the domain down, by names. */
#ifndef DNDRIFT_PROBER_CANONICAL_NAME_H
#define DNDRIFT_PROBER_CANONICAL_NAME_H

#include "prober/probe.h"

/* Whether a question asks for one. */
bool canonical_name_is_asked(const struct question *question);

/* *ret_dn: its DN, the caller's; NULL where there is none, and then seen->dn_answer says why and matched_dn
 * how far the name leads. false: the connection is lost. */
bool canonical_name_find(struct probe *probe, const struct dn *untyped, char **ret_dn,
                         struct observation *seen);
#endif
