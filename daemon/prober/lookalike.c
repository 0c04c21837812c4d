#include "prober/lookalike.h"

#include <string.h>

#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/prepare.h"

#define SIZE_LIMIT 5
#define NO_FIT     (KIND_MAX_NAMES + 1)

static bool is_equal(const char *a, const char *b)
{
    size_t length_a, length_b;
    g_autofree char *prepared_a = dn_prepare(a, strlen(a), &length_a);
    g_autofree char *prepared_b = dn_prepare(b, strlen(b), &length_b);

    return length_a == length_b && memcmp(prepared_a, prepared_b, length_a) == 0;
}

static bool is_other_type(const struct entry *entry, const char *name)
{
    g_autoptr(dn_t) dn = dn_parse(entry->dn, NULL, NULL);

    return dn && dn->n_rdns > 0 && dn->rdns[0].n_avas == 1 && is_equal(dn->rdns[0].avas[0].value, name);
}

/* How well the entry fits: 0 is best, NO_FIT not at all. attributes: those with names for people. */
static unsigned rank(const struct entry *entry, const char *const *attributes, const char *name,
                     const char **ret_attribute)
{
    if (is_other_type(entry, name)) {
        *ret_attribute = "type";
        return 0;
    }
    for (unsigned i = 0; attributes[i]; i++)
        for (unsigned j = 0; j < entry->values->len; j++) {
            const char *text = entry_value_text(g_ptr_array_index(entry->values, j), attributes[i]);
            if (!text || !is_equal(text, name))
                continue;
            *ret_attribute = attributes[i];
            return i + 1;
        }
    return NO_FIT;
}

static void choose(const struct reply *reply, const char *const *attributes, const char *name,
                   struct lookalike *lookalike)
{
    unsigned best = NO_FIT, n_fitting = 0;

    for (unsigned i = 0; i < reply->entries->len; i++) {
        const struct entry *entry = g_ptr_array_index(reply->entries, i);
        const char *attribute = NULL;
        unsigned fit = rank(entry, attributes, name, &attribute);

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

static char *filter_for(const char *const *attributes, const char *name)
{
    g_autofree char *escaped = search_escape(name);
    GString *filter = g_string_new("(|");

    for (unsigned i = 0; attributes[i]; i++)
        g_string_append_printf(filter, "(%s=%s)", attributes[i], escaped);
    g_string_append_c(filter, ')');
    return g_string_free(filter, FALSE);
}

static bool search_below(struct probe *probe, const char *matched_dn, const char *name,
                         struct lookalike *lookalike)
{
    const char *const *attributes = probe->profile->kind->names;
    g_autofree char *filter = filter_for(attributes, name);
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
    const struct dn_rdn *rdn = &dn->rdns[dn->n_rdns - matched->n_rdns - 1];
    const struct dn_ava *ava = &rdn->avas[0];
    return rdn->n_avas == 1 && !ava->is_ber && ava->length > 0 && strlen(ava->value) == ava->length
               ? ava->value
               : NULL;
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
