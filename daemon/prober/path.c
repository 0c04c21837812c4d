#include "prober/path.h"

#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "prober/result.h"
#include "prober/stamp.h"

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
        g_autofree char *identity = profile_identity(probe->profile, probe->profile->kind->ids[0], entry);
        return path_entry_new(entry->dn, identity);
    }
    if (reply->code == LDAP_SUCCESS || reply->code == LDAP_NO_SUCH_OBJECT ||
        reply->code == LDAP_INSUFFICIENT_ACCESS)
        return path_entry_new(dn, NULL);
    result_fail(failure, PHASE_SEARCH, reply->code, reply->text);
    return NULL;
}

static bool ask(struct probe *probe, const char *base, bool wants_stamp, struct path_entry **ret_entry,
                struct failure *failure)
{
    const char *attributes[PROFILE_MAX_ATTRIBUTES];
    const struct search search = {base, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 0, false};
    struct reply reply;

    profile_attributes(probe->profile, probe->profile->kind->ids[0], wants_stamp ? WISH_STAMP : 0,
                       attributes);
    bool is_alive = search_run(probe->connection, &search, &reply);
    struct path_entry *entry = is_alive ? read_reply(probe, base, &reply, failure) : NULL;
    if (entry && wants_stamp && reply.code == LDAP_SUCCESS && reply_entry(&reply))
        is_alive = stamp_read(probe, reply_entry(&reply), STAMP_NAMED, &entry->stamp);
    *ret_entry = entry;
    reply_clear(&reply);
    return is_alive;
}

/* From this batch's memory, else from the server. *ret_entry is the memory's; NULL: *failure. */
static bool entry_at(struct probe *probe, const struct dn *dn, bool wants_stamp,
                     const struct path_entry **ret_entry, struct failure *failure)
{
    GHashTable *known = wants_stamp ? probe->stamped : probe->entries;
    g_autofree char *key = dn_key(dn), *base = dn_print(dn);
    struct path_entry *entry = NULL;

    *ret_entry = g_hash_table_lookup(known, key);
    if (*ret_entry)
        return true;
    bool is_alive = ask(probe, base, wants_stamp, &entry, failure);
    if (entry)
        g_hash_table_insert(known, g_steal_pointer(&key), entry);
    *ret_entry = entry;
    return is_alive;
}

bool path_read(struct probe *probe, const char *text, bool wants_stamps, GPtrArray **ret_path,
               struct failure *failure)
{
    g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);
    const struct context *context = profile_context_of(probe->profile, dn);
    unsigned n_top = context ? context->dn->n_rdns : 1;

    *ret_path = NULL;
    g_autoptr(GPtrArray) path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    for (unsigned i = 1; dn && i + n_top <= dn->n_rdns && i <= PATH_MAX_ENTRIES; i++) {
        const struct dn above = {dn->rdns + i, dn->n_rdns - i};
        const struct path_entry *entry;

        if (!entry_at(probe, &above, wants_stamps, &entry, failure))
            return false;
        if (!entry)
            return true;
        if (!context && !entry->identity)
            break; /* above the top of what this account can see */
        struct path_entry *copy = path_entry_new(entry->dn, entry->identity);
        stamp_copy(&entry->stamp, &copy->stamp);
        g_ptr_array_add(path, copy);
    }
    *ret_path = g_steal_pointer(&path);
    return true;
}
