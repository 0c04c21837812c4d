#include "prober/lookalike.h"

#include "dn/parse.h"
#include "prober/namesake.h"

#define SIZE_LIMIT 5

static void choose(const struct reply *reply, const char *const *attributes, const char *name,
                   struct lookalike *lookalike)
{
    unsigned best = NAMESAKE_NONE, n_fitting = 0;

    for (unsigned i = 0; i < reply->entries->len; i++) {
        const struct entry *entry = g_ptr_array_index(reply->entries, i);
        const char *attribute = NULL;
        unsigned fit = namesake_rank(entry, attributes, name, &attribute);

        n_fitting += attribute != NULL;
        if (!attribute || fit >= best)
            continue;
        best = fit;
        g_free(lookalike->dn);
        g_free(lookalike->attribute);
        lookalike->dn = g_strdup(entry->dn);
        lookalike->attribute = g_strdup(attribute);
    }
    lookalike->is_unique = n_fitting == 1 && reply->code == LDAP_SUCCESS;
}

static bool search_below(struct probe *probe, const char *matched_dn, const char *name,
                         struct lookalike *lookalike)
{
    const char *const *attributes = probe->profile->kind->names;
    g_autofree char *filter = namesake_filter(attributes, name);
    const struct search search = {matched_dn, LDAP_SCOPE_ONELEVEL, filter, attributes, SIZE_LIMIT, false};
    struct reply reply;

    bool is_alive = search_run(probe->connection, &search, &reply);
    if (is_alive && reply_is_complete(&reply) &&
        (reply.code == LDAP_SUCCESS || reply.code == LDAP_SIZELIMIT_EXCEEDED))
        choose(&reply, attributes, name, lookalike);
    reply_clear(&reply);
    return is_alive;
}

/* The value of the first RDN of dn below matched; NULL where it is not one plain text. */
static const char *missing_name(const struct dn *dn, const struct dn *matched)
{
    if (!dn || !matched || matched->n_rdns == 0 || matched->n_rdns >= dn->n_rdns)
        return NULL;
    return namesake_of(&dn->rdns[dn->n_rdns - matched->n_rdns - 1]);
}

bool lookalike_find(struct probe *probe, const struct dn *dn, const char *matched_dn,
                    struct lookalike *ret_lookalike)
{
    g_autoptr(dn_t) matched = dn_parse(matched_dn, NULL, NULL);
    const char *name = missing_name(dn, matched);

    if (!name)
        return true;
    g_autofree char *key = g_strconcat(name, "\n", matched_dn, NULL);
    struct lookalike *known = g_hash_table_lookup(probe->lookalikes, key);
    if (!known) {
        known = g_new0(struct lookalike, 1);
        g_hash_table_insert(probe->lookalikes, g_steal_pointer(&key), known);
        if (!search_below(probe, matched_dn, name, known))
            return false;
    }
    ret_lookalike->dn = g_strdup(known->dn);
    ret_lookalike->attribute = g_strdup(known->attribute);
    ret_lookalike->is_unique = known->is_unique;
    return true;
}
