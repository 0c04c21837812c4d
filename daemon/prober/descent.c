#include "prober/descent.h"

#include <string.h>

#include "dn/print.h"
#include "dn/read.h"
#include "dn/x500.h"
#include "prober/namesake.h"
#include "prober/scan.h"

#define MAX_BRANCHES 16 /* entries of one name that are followed */

G_STATIC_ASSERT(MAX_BRANCHES <= REPLY_MAX_ENTRIES);

/* An entry on the way down. */
struct branch {
    char *dn;
    const char *attribute; /* that held the name of the component, static */
};

struct descent {
    struct gathering *gathering;
    GPtrArray *branches; /* of struct branch: how far it leads so far */
    const char *name;    /* of the component that is looked for */
};

static void branch_free(struct branch *branch)
{
    g_free(branch->dn);
    g_free(branch);
}

static GPtrArray *branches_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)branch_free);
}

static void add_branch(struct descent *descent, GPtrArray *branches, const char *dn, const char *attribute)
{
    struct branch *branch;

    if (branches->len >= MAX_BRANCHES) {
        gathering_cut(descent->gathering, "more than %d entries are named %s: the others were not followed",
                      MAX_BRANCHES, descent->name);
        return;
    }
    branch = g_new0(struct branch, 1);
    branch->dn = g_strdup(dn);
    branch->attribute = attribute;
    g_ptr_array_add(branches, branch);
}

/* --- one step down; all answer false when the connection is lost */

static bool step_by_dn(struct descent *descent, const char *dn, GPtrArray *below)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    const struct search search = {dn, LDAP_SCOPE_BASE, "(objectClass=*)", nothing, 0, false};
    struct reply reply;

    bool is_alive = search_run(descent->gathering->probe->connection, &search, &reply);
    const struct entry *entry = is_alive ? reply_entry(&reply) : NULL;
    if (entry && reply_is_complete(&reply) && reply.code == LDAP_SUCCESS) {
        descent->gathering->is_answered = true;
        add_branch(descent, below, entry->dn, "type");
    }
    reply_clear(&reply);
    return is_alive;
}

/* Where one entry bears it for its directory name, the others do not count. */
static void choose(struct descent *descent, const struct reply *reply, GPtrArray *below)
{
    const char *const *attributes = descent->gathering->probe->profile->kind->names;
    unsigned n_before = below->len;

    for (int is_other = 0; is_other <= 1 && below->len == n_before; is_other++)
        for (unsigned i = 0; i < reply->entries->len; i++) {
            const struct entry *entry = g_ptr_array_index(reply->entries, i);
            const char *attribute = NULL;
            unsigned rank = namesake_rank(entry, attributes, descent->name, &attribute);

            if ((rank > 0) == is_other)
                add_branch(descent, below, entry->dn, attribute);
        }
}

static bool step_by_name(struct descent *descent, const char *base, GPtrArray *below)
{
    const struct profile *profile = descent->gathering->probe->profile;
    const char *const *attributes = profile->kind->names;
    g_autofree char *filter = namesake_filter(attributes, descent->name);
    const struct search search = {.base = base,
                                  .scope = LDAP_SCOPE_ONELEVEL,
                                  .filter = filter,
                                  .attributes = attributes,
                                  .stays_at_home = profile_stays_at_home(profile),
                                  .enough = MAX_BRANCHES + 1};
    struct reply reply;

    bool is_alive = search_run(descent->gathering->probe->connection, &search, &reply);
    if (is_alive) {
        gathering_note(descent->gathering, base, &reply);
        choose(descent, &reply, below);
    }
    if (reply.is_cut)
        gathering_cut(descent->gathering, "more than %d entries below %s are named %s", MAX_BRANCHES, base,
                      descent->name);
    reply_clear(&reply);
    return is_alive;
}

static bool step_from(struct descent *descent, const char *base, const struct dn_rdn *rdn, GPtrArray *below)
{
    g_autofree char *text = dn_print_rdn(rdn), *dn = g_strconcat(text, ",", base, NULL);
    unsigned n_before = below->len;

    descent->name = namesake_of(rdn);
    if (!gathering_has_time(descent->gathering))
        return true;
    if (!step_by_dn(descent, dn, below))
        return false;
    return below->len > n_before || !descent->name || step_by_name(descent, base, below);
}

static bool step(struct descent *descent, const struct dn_rdn *rdn)
{
    g_autoptr(GPtrArray) above = g_steal_pointer(&descent->branches);
    bool is_alive = true;

    descent->branches = branches_new();
    for (unsigned i = 0; i < above->len && is_alive; i++)
        is_alive = step_from(descent, ((struct branch *)above->pdata[i])->dn, rdn, descent->branches);
    if (is_alive && above->len > 0 && descent->branches->len == 0) {
        g_autofree char *text = dn_print_rdn(rdn);
        gathering_remark(descent->gathering, "below %s nothing is named %s that could be seen",
                         ((struct branch *)above->pdata[0])->dn, text);
    }
    return is_alive;
}

/* --- where it begins */

static void take_start(void *user, const struct entry *entry)
{
    struct descent *descent = user;
    const char *attribute = NULL;

    namesake_rank(entry, descent->gathering->probe->profile->kind->names, descent->name, &attribute);
    add_branch(descent, descent->branches, entry->dn, attribute);
}

/* The end of a DN alone: its first component may be anywhere. */
static bool start_anywhere(struct descent *descent, const struct dn_rdn *top)
{
    const struct kind *kind = descent->gathering->probe->profile->kind;

    descent->name = namesake_of(top);
    if (!descent->name)
        return true;
    g_autofree char *any = namesake_filter(kind->names, descent->name);
    g_autofree char *filter = g_strdup_printf("(&%s%s)", any, kind->containers);
    struct scan scan = {.gathering = descent->gathering,
                        .filter = filter,
                        .attributes = kind->names,
                        .limit = MAX_BRANCHES,
                        .take = take_start,
                        .user = descent};
    bool is_alive = scan_run(&scan);
    if (is_alive && descent->branches->len == 0)
        gathering_remark(descent->gathering,
                         "the DN is in no naming context of the server, and no container is called %s",
                         descent->name);
    return is_alive;
}

/* *ret_n: the components that are left. */
static bool start(struct descent *descent, const struct dn *dn, unsigned *ret_n)
{
    const struct context *context = profile_context_of(descent->gathering->probe->profile, dn);

    *ret_n = dn->n_rdns - (context ? context->dn->n_rdns : 1);
    if (!context)
        return start_anywhere(descent, &dn->rdns[dn->n_rdns - 1]);
    add_branch(descent, descent->branches, context->text, "type");
    return true;
}

/* `Recipients/cn=NotesPeople` is the end of a slash form, too (KB Q274393). */
static struct dn *read_dn(const char *text, enum dn_form *ret_form)
{
    struct dn *dn = dn_read(text, ret_form, NULL);

    if (*ret_form != DN_FORM_CANONICAL || !strchr(text, '='))
        return dn;
    g_autofree char *typed = g_strconcat("/cn=", text, NULL);
    struct dn *relative = x500_parse(typed, NULL);

    if (!relative)
        return dn;
    dn_free(dn);
    return relative;
}

static bool descend(struct descent *descent, const struct dn *dn)
{
    g_autofree char *whole = dn_print(dn);
    unsigned n;

    if (!step_by_dn(descent, whole, descent->branches))
        return false;
    if (descent->branches->len > 0)
        return true;
    bool is_alive = start(descent, dn, &n);
    while (is_alive && n > 0 && descent->branches->len > 0)
        is_alive = step(descent, &dn->rdns[--n]);
    return is_alive;
}

bool descent_run(struct gathering *gathering, const char *text)
{
    struct descent descent = {.gathering = gathering, .branches = branches_new()};
    enum dn_form form;
    g_autoptr(dn_t) dn = read_dn(text, &form);
    bool is_alive = true;

    if (form == DN_FORM_EXTENDED)
        is_alive = step_by_dn(&descent, text, descent.branches);
    else if (dn && dn->n_rdns > 0)
        is_alive = descend(&descent, dn);
    for (unsigned i = 0; i < descent.branches->len; i++) {
        const struct branch *branch = descent.branches->pdata[i];
        struct find *find = gathering_add(gathering, branch->dn, NULL);
        if (find && form != DN_FORM_EXTENDED)
            find->attribute = branch->attribute;
    }
    g_ptr_array_unref(descent.branches);
    return is_alive;
}
