/* The DN question where a value of an attribute is compared: which entry bears it? */
#ifndef DNDRIFT_PROBER_BEARER_H
#define DNDRIFT_PROBER_BEARER_H

#include "prober/probe.h"

/* Fills dn_answer and what belongs to it, found_dn with the DN of the bearer, and where nothing is pinned and
 * nobody bears the value what `find` leads to. near: the DN whose naming context is asked first, or NULL.
 * *ret_entry: the bearer, the caller's, or NULL. false: the connection is lost. */
bool bearer_find(struct probe *probe, const struct question *question, const struct dn *near,
                 struct observation *seen, struct entry **ret_entry);

/* Puts values in the place of the DNs of the observation, and reads that of the entry above if it is due;
 * where two entries turn out to bear the value, another observation takes its place. bearer may be NULL.
 * false: the connection is lost. */
bool bearer_translate(struct probe *probe, const struct question *question, const struct entry *bearer,
                      struct observation **inout_seen);
#endif
