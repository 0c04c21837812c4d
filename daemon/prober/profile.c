#include "prober/profile.h"

#include <string.h>

#include "dn/equal.h"
#include "dn/parse.h"
#include "prober/result.h"

/* One row a kind of server; the first whose mark the root DSE bears. All quirks of servers stand here. */
static const struct kind {
    const char *name;
    const char *mark_attribute, *mark_value; /* NULL: any server */
    const char *id_attribute;
    const char *limits;
} kinds[] = {
    {"OpenLDAP", "objectClass", "OpenLDAProotDSE", "entryUUID"},
    {"unknown", NULL, NULL, "entryUUID", /* RFC 4530 */
     "this kind of server is unknown: entries are followed by entryUUID (RFC 4530) alone, and one that does "
     "not "
     "show it is merely missing after it was renamed, moved or deleted"},
};

static void context_free(struct context *context)
{
    g_free(context->text);
    dn_free(context->dn);
    g_free(context);
}

struct profile *profile_new(void)
{
    struct profile *profile = g_new0(struct profile, 1);
    const struct kind *unknown = &kinds[G_N_ELEMENTS(kinds) - 1];

    profile->name = unknown->name;
    profile->limits = unknown->limits;
    profile->id_attribute = unknown->id_attribute;
    profile->contexts = g_ptr_array_new_with_free_func((GDestroyNotify)context_free);
    return profile;
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    g_ptr_array_unref(profile->contexts);
    g_free(profile);
}

static bool has_value(const struct entry *entry, const char *type, const char *text)
{
    for (unsigned i = 0; i < entry->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(entry->values, i);
        if (g_ascii_strcasecmp(value->type, type) == 0 && g_ascii_strcasecmp(value->text, text) == 0)
            return true;
    }
    return false;
}

static void take_kind(struct profile *profile, const struct entry *root)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].mark_attribute && !has_value(root, kinds[i].mark_attribute, kinds[i].mark_value))
            continue;
        profile->name = kinds[i].name;
        profile->limits = kinds[i].limits;
        profile->id_attribute = kinds[i].id_attribute;
        return;
    }
}

static void take_contexts(struct profile *profile, const struct entry *root)
{
    g_ptr_array_set_size(profile->contexts, 0);
    profile->knows_all_contexts = true;
    for (unsigned i = 0; i < root->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(root->values, i);
        if (g_ascii_strcasecmp(value->type, "namingContexts") != 0)
            continue;
        struct dn *dn = dn_parse(value->text, NULL, NULL);
        if (!dn || profile->contexts->len >= PROFILE_MAX_CONTEXTS) {
            dn_free(dn);
            profile->knows_all_contexts = false;
            continue;
        }
        struct context *context = g_new0(struct context, 1);
        context->text = g_strdup(value->text);
        context->dn = dn;
        g_ptr_array_add(profile->contexts, context);
    }
}

/* A server that is busy now is not one that keeps its root DSE to itself. */
static bool is_transient(const struct reply *reply)
{
    enum reason reason = reply_is_complete(reply) ? result_reason(reply->code) : reply->failure.reason;

    return !reply_is_complete(reply) || reason == REASON_BUSY;
}

bool profile_read(struct profile *profile, struct connection *connection)
{
    static const char *const attributes[] = {"objectClass", "namingContexts", "supportedControl", NULL};
    const struct search search = {"", LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 1, false};
    struct failure *failure = &connection->failed.failure;
    struct reply reply;

    bool is_alive = search_run(connection, &search, &reply);
    const struct entry *root = reply_entry(&reply);
    if (is_alive && is_transient(&reply)) {
        if (reply_is_complete(&reply))
            result_fail(failure, PHASE_PROFILE, reply.code, reply.text);
        else
            failure_copy(&reply.failure, failure);
        is_alive = false;
    }
    if (!is_alive) {
        failure->phase = PHASE_PROFILE;
    } else if (reply.code == LDAP_SUCCESS && root) {
        take_kind(profile, root);
        take_contexts(profile, root);
        profile->has_manage_dsa_it = has_value(root, "supportedControl", LDAP_CONTROL_MANAGEDSAIT);
    }
    reply_clear(&reply);
    return is_alive;
}

const struct context *profile_context_of(const struct profile *profile, const struct dn *dn)
{
    const struct context *innermost = NULL;

    for (unsigned i = 0; dn && i < profile->contexts->len; i++) {
        const struct context *context = g_ptr_array_index(profile->contexts, i);
        if (dn_is_below(dn, context->dn) && (!innermost || context->dn->n_rdns > innermost->dn->n_rdns))
            innermost = context;
    }
    return innermost;
}

char *profile_identity(const struct profile *profile, const struct entry *entry)
{
    const char *value = entry_value(entry, profile->id_attribute);

    return value && *value ? g_strconcat(profile->id_attribute, ":", value, NULL) : NULL;
}
