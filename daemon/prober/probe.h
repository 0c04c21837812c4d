/* What the answers to one batch are worked out with: the connection, the server's profile, and what this
 * batch has learnt already. Owned by the batch. */
#ifndef DNDRIFT_PROBER_PROBE_H
#define DNDRIFT_PROBER_PROBE_H

#include "prober/connection.h"
#include "prober/profile.h"

struct probe {
    struct connection *connection; /* borrowed */
    struct profile *profile;       /* borrowed */
    GHashTable *entries;           /* dn_key() of an ancestor -> struct path_entry, without its stamp */
    GHashTable *stamped;           /* the same, with its stamp */
    GHashTable *existing;          /* dn_key() -> its DN, "" if nothing answers there */
    GHashTable *ancestors;         /* identity of an ancestor -> enum id_answer */
    GHashTable *lookalikes;        /* place and name -> struct lookalike */
    GHashTable *proven;            /* dn_key() of the parents whose children can be looked up by identity */
    GHashTable *values;  /* attribute and dn_key() of an ancestor -> its value, "" if it shows none */
    GHashTable *origins; /* invocation id -> name of the server, "" if it is not told */
};

void probe_init(struct probe *probe, struct connection *connection, struct profile *profile);
void probe_clear(struct probe *probe);
#endif
