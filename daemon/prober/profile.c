#include "prober/profile.h"

#include <string.h>

#include "dn/equal.h"
#include "dn/parse.h"
#include "prober/guid.h"
#include "prober/result.h"
#include "prober/vintage.h"

static void context_free(struct context *context)
{
    g_free(context->text);
    dn_free(context->dn);
    g_free(context->vintage);
    g_free(context);
}

struct profile *profile_new(void)
{
    struct profile *profile = g_new0(struct profile, 1);

    profile->kind = kind_of(NULL);
    profile->contexts = g_ptr_array_new_with_free_func((GDestroyNotify)context_free);
    return profile;
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    g_ptr_array_unref(profile->contexts);
    g_free(profile->configuration);
    g_free(profile);
}

static void take_contexts(struct profile *profile, const struct entry *root)
{
    g_ptr_array_set_size(profile->contexts, 0);
    profile->knows_all_contexts = true;
    for (unsigned i = 0; i < root->values->len; i++) {
        const char *text = entry_value_text(g_ptr_array_index(root->values, i), "namingContexts");
        if (!text)
            continue;
        struct dn *dn = dn_parse(text, NULL, NULL);
        if (!dn || profile->contexts->len >= PROFILE_MAX_CONTEXTS) {
            dn_free(dn);
            profile->knows_all_contexts = false;
            continue;
        }
        struct context *context = g_new0(struct context, 1);
        context->text = g_strdup(text);
        context->dn = dn;
        g_ptr_array_add(profile->contexts, context);
    }
}

static void take_root(struct profile *profile, const struct entry *root)
{
    profile->kind = kind_of(root);
    take_contexts(profile, root);
    profile->has_manage_dsa_it = entry_has(root, "supportedControl", LDAP_CONTROL_MANAGEDSAIT);
    profile->has_domain_scope = entry_has(root, "supportedControl", LDAP_CONTROL_X_DOMAIN_SCOPE);
    profile->has_paged_results = entry_has(root, "supportedControl", LDAP_CONTROL_PAGEDRESULTS);
    profile->has_show_deleted = entry_has(root, "supportedControl", LDAP_CONTROL_X_SHOW_DELETED);
    g_free(profile->configuration);
    profile->configuration = g_strdup(entry_text(root, "configurationNamingContext"));
    if (profile->kind->vintage_form != VINTAGE_HIGHEST_COMMITTED_USN)
        return;
    g_autofree char *vintage = vintage_of_root(root);
    for (unsigned i = 0; i < profile->contexts->len; i++)
        ((struct context *)g_ptr_array_index(profile->contexts, i))->vintage = g_strdup(vintage);
}

/* A server that is busy now is not one that keeps its root DSE to itself. */
static bool is_transient(const struct reply *reply)
{
    enum reason reason = reply_is_complete(reply) ? result_reason(reply->code) : reply->failure.reason;

    return !reply_is_complete(reply) || reason == REASON_BUSY;
}

bool profile_read(struct profile *profile, struct connection *connection)
{
    static const char *const attributes[] = {"objectClass",
                                             "namingContexts",
                                             "supportedControl",
                                             "vendorName",
                                             "supportedCapabilities",
                                             "configurationNamingContext",
                                             VINTAGE_USN,
                                             VINTAGE_DSA,
                                             NULL};
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
    if (!is_alive)
        failure->phase = PHASE_PROFILE;
    else if (reply.code == LDAP_SUCCESS && root)
        take_root(profile, root);
    reply_clear(&reply);
    return is_alive;
}

bool profile_stays_at_home(const struct profile *profile)
{
    return profile->has_domain_scope && !profile->has_manage_dsa_it;
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

/* The attribute that the identity names, if entries can be known by it here. */
static const char *named_attribute(const struct profile *profile, const char *identity)
{
    const char *const *ids = profile->kind->ids;
    size_t length = strcspn(identity, ":");

    for (size_t i = 0; i < KIND_MAX_IDS && ids[i]; i++)
        if (strlen(ids[i]) == length && g_ascii_strncasecmp(ids[i], identity, length) == 0)
            return ids[i];
    return NULL;
}

const char *profile_id_attribute(const struct profile *profile, const char *identity)
{
    const char *named = identity ? named_attribute(profile, identity) : NULL;

    return named ? named : profile->kind->ids[0];
}

const char *profile_id_value(const struct profile *profile, const char *identity)
{
    const char *attribute = named_attribute(profile, identity);
    const char *value = attribute ? identity + strlen(attribute) : "";

    return value[0] == ':' && value[1] ? value + 1 : NULL;
}

bool profile_is_hidden(const struct profile *profile, const struct reply *reply)
{
    const char *hint = profile->kind->hidden_text;

    return reply->code == LDAP_NO_SUCH_OBJECT && hint && reply->text && strstr(reply->text, hint);
}

void profile_attributes(const struct profile *profile, const char *id_attribute, unsigned wishes,
                        const char *ret_attributes[PROFILE_MAX_ATTRIBUTES])
{
    const struct kind *kind = profile->kind;
    size_t n = 0;

    ret_attributes[n++] = id_attribute;
    if (wishes & WISH_CLASSES)
        ret_attributes[n++] = "objectClass";
    for (size_t i = 0; wishes & WISH_STAMP && i < KIND_N_STAMP; i++)
        ret_attributes[n++] = kind->stamp[i];
    if (wishes & WISH_CHILDREN)
        ret_attributes[n++] = kind->children;
    if (wishes & WISH_CONFLICT && kind->conflict)
        ret_attributes[n++] = kind->conflict;
    ret_attributes[n] = NULL;
}

char *profile_identity(const struct profile *profile, const char *id_attribute, const struct entry *entry)
{
    bool is_guid = profile->kind->id_form == ID_FORM_GUID;
    const struct entry_value *value = entry_value(entry, id_attribute);
    g_autofree char *guid = is_guid && value ? guid_print(value->octets, value->length) : NULL;
    const char *text = is_guid ? guid : entry_text(entry, id_attribute);

    return text && *text ? g_strconcat(id_attribute, ":", text, NULL) : NULL;
}
