/* What kind of server this is, read from its root DSE: the attribute that holds an entry's identity, its
 * naming contexts, its quirks. Owned by main, read anew at each batch. */
#ifndef DNDRIFT_PROBER_PROFILE_H
#define DNDRIFT_PROBER_PROFILE_H

#include "dn/dn.h"
#include "prober/search.h"

#define PROFILE_MAX_CONTEXTS 64

struct context {
    char *text; /* as the server spells it */
    struct dn *dn;
    bool is_barred; /* does not let us search by identity, or not in time: not asked again in this batch */
};

struct profile {
    const char *name;         /* of the kind of server */
    const char *limits;       /* one sentence: what it cannot do for us; NULL: nothing to say */
    const char *id_attribute; /* entryUUID */
    GPtrArray *contexts;      /* of struct context; empty: the root DSE does not tell */
    bool knows_all_contexts;
    bool has_manage_dsa_it;
};

struct profile *profile_new(void); /* of an unknown server */
void profile_free(struct profile *profile);

/* Reads the root DSE. A server that keeps it to itself stays unknown. false: the connection is lost or cannot
 * be worked with, connection->failed is set. */
bool profile_read(struct profile *profile, struct connection *connection);

/* The innermost naming context that holds the DN, or NULL; dn may be NULL. */
const struct context *profile_context_of(const struct profile *profile, const struct dn *dn);

/* `entryUUID:...`, or NULL if the entry does not show it. g_free() it. */
char *profile_identity(const struct profile *profile, const struct entry *entry);
#endif
