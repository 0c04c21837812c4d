#include "prober/attribute.h"

#include <string.h>

#include "dn/equal.h"
#include "dn/fold.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "prober/result.h"

static bool is_of(const struct entry_value *value, const char *attribute, const char *const *others)
{
    if (g_ascii_strcasecmp(value->type, attribute) == 0)
        return true;
    for (; *others; others++)
        if (g_ascii_strcasecmp(value->type, *others) == 0)
            return false;
    return true;
}

static bool is_text(const struct entry_value *value)
{
    return strlen(value->octets) == value->length;
}

/* The same letters are best, the same but for case is next, then what begins alike for longest; the order in
 * which a server sends values means nothing. */
static bool is_nearer(const char *a, const char *b, const char *like)
{
    bool is_same = strcmp(a, like) == 0, is_equal = fold_equal(a, like);
    size_t n_common = fold_common(a, like), n_common_b = fold_common(b, like);

    if (is_same != (strcmp(b, like) == 0))
        return is_same;
    if (is_equal != fold_equal(b, like))
        return is_equal;
    return n_common != n_common_b ? n_common > n_common_b : strcmp(a, b) < 0;
}

const char *attribute_nearest(const struct entry *entry, const char *attribute, const char *const *others,
                              const char *like)
{
    const char *nearest = NULL;

    for (unsigned i = 0; i < entry->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(entry->values, i);
        if (is_of(value, attribute, others) && is_text(value) &&
            (!nearest || is_nearer(value->octets, nearest, like)))
            nearest = value->octets;
    }
    return nearest;
}

GPtrArray *attribute_values(const struct entry *entry, const char *attribute, const char *const *others,
                            struct failure *failure)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

    for (unsigned i = 0; i < entry->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(entry->values, i);
        if (!is_of(value, attribute, others))
            continue;
        if (!is_text(value)) {
            failure_set(failure, PHASE_SEARCH, REASON_PROTOCOL, 0, "a value of %s is no text", attribute);
            return NULL;
        }
        g_ptr_array_add(values, g_strdup(value->octets));
    }
    if (values->len <= VALUES_MAX && entry->values->len < ENTRY_MAX_VALUES)
        return g_steal_pointer(&values);
    failure_set(failure, PHASE_SEARCH, REASON_LIMIT, 0, "%s has more than %d values", attribute, VALUES_MAX);
    return NULL;
}

/* A server that may not look at the attribute for this account takes it for neither there nor absent (RFC
 * 4511 4.5.1.7): slapd and 389 do. */
static bool tell_absence(struct probe *probe, const char *dn, const char *attribute,
                         enum id_answer *ret_answer, struct failure *failure)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    g_autofree char *filter = g_strdup_printf("(!(%s=*))", attribute);
    const struct search search = {dn, LDAP_SCOPE_BASE, filter, nothing, 0, false};
    struct reply reply;

    bool is_alive = search_run(probe->connection, &search, &reply);
    bool is_absent =
        is_alive && reply_is_complete(&reply) && reply.code == LDAP_SUCCESS && reply_entry(&reply);
    *ret_answer = is_absent ? ID_VALUELESS : ID_VALUE_HIDDEN;
    if (!is_absent)
        failure_set(failure, PHASE_SEARCH, REASON_ACL, 0, "the entry shows no %s", attribute);
    reply_clear(&reply);
    return is_alive;
}

bool attribute_read(struct probe *probe, const char *dn, const char *identity, const char *attribute,
                    const char *like, enum id_answer *ret_answer, char **ret_value, struct failure *failure)
{
    const char *id_attribute = profile_id_attribute(probe->profile, identity);
    const char *const attributes[] = {attribute, id_attribute, NULL};
    const struct search search = {dn, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 0, false};
    struct reply reply;

    *ret_answer = ID_FAILED;
    bool is_alive = search_run(probe->connection, &search, &reply);
    const struct entry *entry = reply_entry(&reply);
    g_autofree char *is = entry ? profile_identity(probe->profile, id_attribute, entry) : NULL;
    if (!is_alive || !reply_is_complete(&reply)) {
        failure_copy(&reply.failure, failure);
    } else if (reply.code != LDAP_SUCCESS || !entry ||
               (is && identity && g_ascii_strcasecmp(is, identity) != 0)) {
        failure_set(failure, PHASE_SEARCH, REASON_PROTOCOL, reply.code,
                    "the entry was moved while it was looked at");
    } else {
        const char *value = attribute_nearest(entry, attribute, attributes + 1, like);
        *ret_answer = value ? ID_FOUND : ID_VALUE_HIDDEN;
        *ret_value = g_strdup(value);
    }
    reply_clear(&reply);
    return is_alive &&
           (*ret_answer != ID_VALUE_HIDDEN || tell_absence(probe, dn, attribute, ret_answer, failure));
}

static bool is_told(const struct reply *reply)
{
    return reply_is_complete(reply) && (reply->code == LDAP_SUCCESS || reply->code == LDAP_NO_SUCH_OBJECT ||
                                        reply->code == LDAP_INSUFFICIENT_ACCESS);
}

/* Of one entry above: from this batch's memory, where siblings meet, else from the server. *ret_value: "" if
 * it shows none; NULL: no complete answer. The caller's. */
static bool read_at(struct probe *probe, const struct dn *dn, const char *attribute, const char *like,
                    char **ret_value)
{
    static const char *const no_others[] = {NULL};
    const char *const attributes[] = {attribute, NULL};
    g_autofree char *place = dn_key(dn), *base = dn_print(dn);
    g_autofree char *key = g_strconcat(attribute, "\n", place, NULL);
    const struct search search = {base, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 0, false};
    struct reply reply;

    *ret_value = g_strdup(g_hash_table_lookup(probe->values, key));
    if (*ret_value)
        return true;
    bool is_alive = search_run(probe->connection, &search, &reply);
    if (is_alive && is_told(&reply)) {
        const struct entry *entry = reply_entry(&reply);
        const char *value = entry ? attribute_nearest(entry, attribute, no_others, like) : NULL;
        *ret_value = g_strdup(value ? value : "");
        if (!entry || entry->values->len <= 1) /* of several another one may be nearer to a sibling's */
            g_hash_table_insert(probe->values, g_steal_pointer(&key), g_strdup(*ret_value));
    }
    reply_clear(&reply);
    return is_alive;
}

bool attribute_read_above(struct probe *probe, const char *text, const char *attribute, const char *like,
                          bool *ret_is_read, char **ret_value)
{
    g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);
    const struct context *context = profile_context_of(probe->profile, dn);
    unsigned n_top = context ? context->dn->n_rdns : 1;

    *ret_is_read = dn != NULL;
    *ret_value = NULL;
    for (unsigned i = 1; dn && i + n_top <= dn->n_rdns && i <= PATH_MAX_ENTRIES; i++) {
        const struct dn above = {dn->rdns + i, dn->n_rdns - i};
        g_autofree char *value = NULL;

        if (!read_at(probe, &above, attribute, like, &value))
            return false;
        *ret_is_read = value != NULL;
        if (!value)
            return true;
        if (!*value)
            continue;
        *ret_value = g_steal_pointer(&value);
        return true;
    }
    return true;
}
