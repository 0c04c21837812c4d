/* What this server is, read from its root DSE: its kind, its naming contexts, what it offers. Owned by main,
 * read anew at each batch. */
#ifndef DNDRIFT_PROBER_PROFILE_H
#define DNDRIFT_PROBER_PROFILE_H

#include "dn/dn.h"
#include "prober/kind.h"
#include "prober/search.h"

#define PROFILE_MAX_CONTEXTS   64
#define PROFILE_MAX_ATTRIBUTES 8

struct context {
    char *text; /* as the server spells it */
    struct dn *dn;
    bool is_barred; /* does not let us search by identity, or not in time: not asked again in this batch */
    char *vintage;  /* how new its data was before this batch; NULL: unknown */
};

struct profile {
    const struct kind *kind;
    GPtrArray *contexts; /* of struct context; empty: the root DSE does not tell */
    bool knows_all_contexts;
    bool has_manage_dsa_it;
    bool has_domain_scope;
    bool has_paged_results;
    bool has_show_deleted;
    char *configuration; /* the naming context where Active Directory names its servers; or NULL */
};

/* What else than the identity a search asks of an entry. */
enum wish {
    WISH_CLASSES = 1 << 0,
    WISH_STAMP = 1 << 1,
    WISH_CHILDREN = 1 << 2,
    WISH_CONFLICT = 1 << 3,
};

struct profile *profile_new(void); /* of an unknown server */
void profile_free(struct profile *profile);

/* Reads the root DSE. A server that keeps it to itself stays unknown. false: the connection is lost or cannot
 * be worked with, connection->failed is set. */
bool profile_read(struct profile *profile, struct connection *connection);

/* Whether a search has to be told not to refer to the naming contexts below its own, each of which is
 * searched by itself. */
bool profile_stays_at_home(const struct profile *profile);

/* The innermost naming context that holds the DN, or NULL; dn may be NULL. */
const struct context *profile_context_of(const struct profile *profile, const struct dn *dn);

/* The attribute by which entries are known in what is asked about this identity: the one that it names, if
 * this kind of server has it, else the one that entries are pinned by. identity may be NULL. Static. */
const char *profile_id_attribute(const struct profile *profile, const char *identity);

/* The value behind `entryUUID:`, if the identity is of an attribute that this kind of server has, else NULL.
 */
const char *profile_id_value(const struct profile *profile, const char *identity);

/* Whether a complete reply says that an access rule hides the entry at its base. */
bool profile_is_hidden(const struct profile *profile, const struct reply *reply);

/* The attributes to ask for, NULL-terminated: id_attribute and what the wishes (of enum wish) take. */
void profile_attributes(const struct profile *profile, const char *id_attribute, unsigned wishes,
                        const char *ret_attributes[PROFILE_MAX_ATTRIBUTES]);

/* `entryUUID:...`, or NULL if the entry does not show it. g_free() it. */
char *profile_identity(const struct profile *profile, const char *id_attribute, const struct entry *entry);
#endif
