#include "prober/ancestry.h"

#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "prober/result.h"

/* As the directory spells the entry, if that is the one that was asked for. */
static char *spelling_of(const struct reply *reply, const struct dn *dn, const char *base)
{
    const char *spelled = reply_entry(reply)->dn;
    g_autoptr(dn_t) live = dn_parse(spelled, NULL, NULL);

    return g_strdup(live && dn_equal(live, dn) ? spelled : base);
}

/* Its DN, "" if it does not show itself; NULL: no complete answer. */
static char *read_reply(const struct reply *reply, const struct dn *dn, const char *base,
                        struct failure *failure)
{
    if (!reply_is_complete(reply)) {
        failure_copy(&reply->failure, failure);
        return NULL;
    }
    if (reply->code == LDAP_SUCCESS && reply_entry(reply))
        return spelling_of(reply, dn, base);
    if (reply->code == LDAP_SUCCESS || reply->code == LDAP_NO_SUCH_OBJECT ||
        reply->code == LDAP_INSUFFICIENT_ACCESS)
        return g_strdup("");
    result_fail(failure, PHASE_SEARCH, reply->code, reply->text);
    return NULL;
}

/* From this batch's memory, else from the server. *ret_there is the memory's; NULL: *failure. */
static bool look_at(struct probe *probe, const struct dn *dn, const char **ret_there, struct failure *failure)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    g_autofree char *key = dn_key(dn), *base = dn_print(dn);
    const struct search search = {base, LDAP_SCOPE_BASE, "(objectClass=*)", nothing, 0, false};
    struct reply reply;

    *ret_there = g_hash_table_lookup(probe->existing, key);
    if (*ret_there)
        return true;
    bool is_alive = search_run(probe->connection, &search, &reply);
    char *there = is_alive ? read_reply(&reply, dn, base, failure) : NULL;
    if (there)
        g_hash_table_insert(probe->existing, g_steal_pointer(&key), there);
    *ret_there = there;
    reply_clear(&reply);
    return is_alive;
}

bool ancestry_find(struct probe *probe, const struct dn *dn, char **ret_dn, struct failure *failure)
{
    const struct context *context = profile_context_of(probe->profile, dn);
    unsigned n_top = context ? context->dn->n_rdns : 1;

    *ret_dn = NULL;
    for (unsigned i = 1; i + n_top <= dn->n_rdns; i++) {
        const struct dn above = {dn->rdns + i, dn->n_rdns - i};
        const char *there;

        if (!look_at(probe, &above, &there, failure))
            return false;
        if (!there)
            return true;
        if (*there) {
            *ret_dn = g_strdup(there);
            return true;
        }
    }
    return true;
}
