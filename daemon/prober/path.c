#include "prober/path.h"

#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "prober/result.h"

/* What the reply says about an ancestor; NULL: no complete answer. */
static struct path_entry *read_reply(const struct probe *probe, const char *dn, const struct reply *reply,
                                     struct failure *failure)
{
    const struct entry *entry = reply_entry(reply);

    if (!reply_is_complete(reply)) {
        failure_copy(&reply->failure, failure);
        return NULL;
    }
    if (reply->code == LDAP_SUCCESS && entry) {
        g_autofree char *identity = profile_identity(probe->profile, entry);
        return path_entry_new(entry->dn, identity);
    }
    if (reply->code == LDAP_SUCCESS || reply->code == LDAP_NO_SUCH_OBJECT ||
        reply->code == LDAP_INSUFFICIENT_ACCESS)
        return path_entry_new(dn, NULL);
    result_fail(failure, PHASE_SEARCH, reply->code, reply->text);
    return NULL;
}

/* From this batch's memory, else from the server. *ret_entry is the memory's; NULL: *failure. */
static bool entry_at(struct probe *probe, const struct dn *dn, const struct path_entry **ret_entry,
                     struct failure *failure)
{
    g_autofree char *key = dn_key(dn), *base = dn_print(dn);
    const struct search search = {base, LDAP_SCOPE_BASE, "(objectClass=*)", PROBE_IDENTITY_ALONE(probe), 0,
                                  false};
    struct reply reply;

    *ret_entry = g_hash_table_lookup(probe->entries, key);
    if (*ret_entry)
        return true;
    bool is_alive = search_run(probe->connection, &search, &reply);
    struct path_entry *entry = is_alive ? read_reply(probe, base, &reply, failure) : NULL;
    if (entry)
        g_hash_table_insert(probe->entries, g_steal_pointer(&key), entry);
    *ret_entry = entry;
    reply_clear(&reply);
    return is_alive;
}

bool path_read(struct probe *probe, const char *text, GPtrArray **ret_path, struct failure *failure)
{
    g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);
    const struct context *context = profile_context_of(probe->profile, dn);
    unsigned n_top = context ? context->dn->n_rdns : 1;

    *ret_path = NULL;
    g_autoptr(GPtrArray) path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    for (unsigned i = 1; dn && i + n_top <= dn->n_rdns && i <= PATH_MAX_ENTRIES; i++) {
        const struct dn above = {dn->rdns + i, dn->n_rdns - i};
        const struct path_entry *entry;

        if (!entry_at(probe, &above, &entry, failure))
            return false;
        if (!entry)
            return true;
        if (!context && !entry->identity)
            break; /* above the top of what this account can see */
        g_ptr_array_add(path, path_entry_new(entry->dn, entry->identity));
    }
    *ret_path = g_steal_pointer(&path);
    return true;
}
