#include "prober/origin.h"

#include <string.h>

#include "dn/parse.h"

#define MAX_NAME 1024 /* bytes of what is told */

/* Of `CN=NTDS Settings,CN=DC1,CN=Servers,...` the name of the server, else all of it. */
static char *name_of(const char *dsa)
{
    g_autoptr(dn_t) dn = dn_parse(dsa, NULL, NULL);
    const struct dn_ava *ava = dn && dn->n_rdns > 2 ? &dn->rdns[1].avas[0] : NULL;
    bool is_text = ava && !ava->is_ber && ava->length > 0 && strlen(ava->value) == ava->length;
    const char *name = is_text ? ava->value : dsa;

    return g_strdup(strlen(name) <= MAX_NAME ? name : "");
}

/* "" unless exactly one entry bears the invocation id. */
static char *name_in(const struct reply *reply)
{
    if (!reply_is_complete(reply) || reply->code != LDAP_SUCCESS || reply->n_entries != 1)
        return g_strdup("");
    return name_of(reply_entry(reply)->dn);
}

static char *filter_for(const uint8_t invocation_id[GUID_SIZE])
{
    GString *filter = g_string_new("(invocationId=");

    for (size_t i = 0; i < GUID_SIZE; i++)
        g_string_append_printf(filter, "\\%02x", invocation_id[i]);
    g_string_append_c(filter, ')');
    return g_string_free(filter, FALSE);
}

static bool look_up(struct probe *probe, const uint8_t invocation_id[GUID_SIZE], char **ret_name)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    const char *configuration = probe->profile->configuration;
    g_autofree char *key = guid_print(invocation_id, GUID_SIZE), *filter = filter_for(invocation_id);
    const struct search search = {configuration, LDAP_SCOPE_SUBTREE, filter, nothing, 2, false};
    char *name = g_hash_table_lookup(probe->origins, key);
    struct reply reply;

    if (!name && configuration) {
        bool is_alive = search_run(probe->connection, &search, &reply);
        name = name_in(&reply);
        reply_clear(&reply);
        g_hash_table_insert(probe->origins, g_steal_pointer(&key), name);
        if (!is_alive)
            return false;
    }
    *ret_name = name && *name ? g_strdup(name) : NULL;
    return true;
}

bool origin_find(struct probe *probe, const struct metadata *metadata, char **ret_name)
{
    static const uint8_t none[GUID_SIZE];

    *ret_name = NULL;
    if (metadata->dsa) {
        g_autofree char *name = name_of(metadata->dsa);
        *ret_name = *name ? g_steal_pointer(&name) : NULL;
        return true;
    }
    return memcmp(metadata->invocation_id, none, GUID_SIZE) == 0 ||
           look_up(probe, metadata->invocation_id, ret_name);
}
