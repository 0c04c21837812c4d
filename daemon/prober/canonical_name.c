#include "prober/canonical_name.h"

#include <string.h>

#include "dn/form.h"
#include "dn/parse.h"
#include "dn/prepare.h"
#include "dn/print.h"
#include "prober/result.h"

#define SIZE_LIMIT 10 /* entries of one name below another; their types may differ */

bool canonical_name_is_asked(const struct question *question)
{
    const char *rest;

    return !question->attribute && dn_form_of(question->dn, &rest) == DN_FORM_CANONICAL;
}

static bool is_prepared_equal(const struct dn_ava *a, const struct dn_ava *b)
{
    size_t length_a, length_b;
    g_autofree char *prepared_a = dn_prepare(a->value, a->length, &length_a);
    g_autofree char *prepared_b = dn_prepare(b->value, b->length, &length_b);

    return length_a == length_b && memcmp(prepared_a, prepared_b, length_a) == 0;
}

static bool is_named(const struct entry *entry, const struct dn_ava *name)
{
    g_autoptr(dn_t) dn = dn_parse(entry->dn, NULL, NULL);

    return dn && dn->n_rdns > 0 && dn->rdns[0].n_avas == 1 && is_prepared_equal(&dn->rdns[0].avas[0], name);
}

/* By each attribute that entries are named by; `name` finds them all, but not everywhere. */
static char *filter_for(const struct dn_ava *name)
{
    static const char *const types[] = {"name", "cn", "ou", "o", "l", "c", "dc", "uid"};
    g_autofree char *escaped = search_escape(name->value);
    GString *filter = g_string_new("(|");

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        g_string_append_printf(filter, "(%s=%s)", types[i], escaped);
    g_string_append_c(filter, ')');
    return g_string_free(filter, FALSE);
}

static void fail(struct observation *seen, enum reason reason, const char *why)
{
    seen->dn_answer = DN_FAILED;
    failure_set(&seen->failure, PHASE_SEARCH, reason, 0, "%s", why);
}

/* Only where a server says of a hidden entry what it says of none is nothing found a proof that there is
 * none. */
static void call_absent(const struct probe *probe, const char *base, struct observation *seen)
{
    if (probe->profile->kind->id_form == ID_FORM_GUID) {
        seen->dn_answer = DN_ABSENT;
        seen->matched_dn = g_strdup(base);
        return;
    }
    seen->dn_answer = DN_UNMATCHED;
    failure_set(&seen->failure, PHASE_SEARCH, REASON_ACL, 0, "nothing of that name is to be seen below %s",
                base);
}

/* The one child of that name; NULL: seen->dn_answer. */
static char *read_child(const struct probe *probe, const char *base, const struct dn_ava *name,
                        const struct reply *reply, struct observation *seen)
{
    const char *child = NULL;

    if (!reply_is_complete(reply)) {
        seen->dn_answer = DN_FAILED;
        failure_copy(&reply->failure, &seen->failure);
        return NULL;
    }
    if (reply->code != LDAP_SUCCESS && reply->code != LDAP_NO_SUCH_OBJECT) {
        seen->dn_answer = reply->code == LDAP_INSUFFICIENT_ACCESS ? DN_REFUSED : DN_FAILED;
        result_fail(&seen->failure, PHASE_SEARCH, reply->code, reply->text);
        return NULL;
    }
    for (unsigned i = 0; i < reply->entries->len; i++) {
        const struct entry *entry = g_ptr_array_index(reply->entries, i);
        if (!is_named(entry, name))
            continue;
        if (child) {
            fail(seen, REASON_PROTOCOL, "two entries bear this canonical name");
            return NULL;
        }
        child = entry->dn;
    }
    if (!child)
        call_absent(probe, base, seen);
    return g_strdup(child);
}

static bool find_child(struct probe *probe, const char *base, const struct dn_ava *name, char **ret_child,
                       struct observation *seen)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    g_autofree char *filter = filter_for(name);
    const struct search search = {base, LDAP_SCOPE_ONELEVEL, filter, nothing, SIZE_LIMIT, false};
    struct reply reply;

    bool is_alive = search_run(probe->connection, &search, &reply);
    *ret_child = is_alive ? read_child(probe, base, name, &reply, seen) : NULL;
    reply_clear(&reply);
    return is_alive;
}

static unsigned count_domain(const struct dn *dn)
{
    unsigned n = 0;

    while (n < dn->n_rdns && strcmp(dn->rdns[dn->n_rdns - 1 - n].avas[0].type, "dc") == 0)
        n++;
    return n;
}

bool canonical_name_find(struct probe *probe, const struct dn *untyped, char **ret_dn,
                         struct observation *seen)
{
    unsigned n_names = untyped->n_rdns - count_domain(untyped);
    const struct dn domain = {untyped->rdns + n_names, untyped->n_rdns - n_names};
    g_autofree char *base = dn_print(&domain);

    *ret_dn = NULL;
    while (n_names > 0) {
        char *child;

        if (!find_child(probe, base, &untyped->rdns[--n_names].avas[0], &child, seen))
            return false;
        if (!child)
            return true;
        g_free(base);
        base = child;
    }
    *ret_dn = g_steal_pointer(&base);
    return true;
}
