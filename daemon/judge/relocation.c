#include "judge/relocation.h"

#include <string.h>

#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"

/* A view of the DN from RDN `from` up; borrowed, not to be freed. */
static struct dn dn_from(const struct dn *dn, unsigned from)
{
    return (struct dn){dn->rdns + from, dn->n_rdns - from};
}

static const char *pinned_above(const struct expectation *expectation, unsigned level)
{
    GPtrArray *ancestors = expectation->ancestors;

    return ancestors && level < ancestors->len ? ancestors->pdata[level] : NULL;
}

static const struct path_entry *live_above(const struct observation *observation, unsigned level)
{
    return observation->path && level < observation->path->len ? observation->path->pdata[level] : NULL;
}

static bool is_rdn_at_equal(const struct dn *a, const struct dn *b, unsigned index)
{
    return index < a->n_rdns && index < b->n_rdns && dn_rdn_equal(&a->rdns[index], &b->rdns[index]);
}

/* Ancestors are read again whenever one of their watches needs it: only those still known by the DN that this
 * watch was configured with tell what became of it. */
static bool is_known_as(const struct expectation *expectation, unsigned level, const struct dn *configured)
{
    GPtrArray *dns = expectation->ancestor_dns;
    g_autoptr(dn_t) known = dns && level < dns->len ? dn_parse(dns->pdata[level], NULL, NULL) : NULL;

    return known && dn_equal(known, configured);
}

/* Climbs from the parent while the ancestors are the same entries. The first whose RDN differs was renamed;
 * the first that hangs below another entry than it did was moved. */
static void find_changed_ancestor(const struct expectation *expectation,
                                  const struct observation *observation, const struct dn *configured,
                                  const struct dn *live, struct relocation *relocation)
{
    for (unsigned level = 0; level + 1 < configured->n_rdns; level++) {
        const struct path_entry *is = live_above(observation, level);
        const char *was_parent = pinned_above(expectation, level + 1);
        const struct path_entry *is_parent = live_above(observation, level + 1);
        struct dn was = dn_from(configured, level + 1);

        if (!is || !is_known_as(expectation, level, &was))
            return;
        relocation->cause.is_moved = is_rdn_at_equal(configured, live, level + 1);
        if (!relocation->cause.is_moved || (was_parent && is_parent && is_parent->identity &&
                                            strcmp(was_parent, is_parent->identity) != 0)) {
            relocation->cause.was = dn_print(&was);
            relocation->cause.is = dn_show(is->dn);
            relocation->ancestor_level = level;
            return;
        }
    }
}

static bool is_parent_spelled_alike(const struct dn *configured, const struct dn *live)
{
    g_autoptr(dn_t) configured_parent = dn_parent(configured);
    g_autoptr(dn_t) live_parent = dn_parent(live);

    return configured_parent && live_parent && dn_equal(configured_parent, live_parent);
}

void relocation_find(const struct expectation *expectation, const struct observation *observation,
                     const struct dn *configured, const struct dn *live, struct relocation *ret_relocation)
{
    const struct path_entry *parent = live_above(observation, 0);
    const char *was = expectation->pin->parent_identity;
    bool is_known = was && parent && parent->identity;
    bool is_same_parent =
        is_known ? strcmp(was, parent->identity) == 0 : is_parent_spelled_alike(configured, live);

    *ret_relocation = (struct relocation){.is_rdn_changed = !is_rdn_at_equal(configured, live, 0)};
    if (!is_same_parent) {
        ret_relocation->verdict = VERDICT_MOVED;
        ret_relocation->is_parent_identity_unknown = !is_known;
    } else if (ret_relocation->is_rdn_changed || dn_equal(configured, live)) {
        /* Equal to us and yet not found by the server: it compares this name by a rule of its own, and the
         * server decides. */
        ret_relocation->verdict = VERDICT_RENAMED;
    } else {
        ret_relocation->verdict = VERDICT_ANCESTOR_RENAMED;
        find_changed_ancestor(expectation, observation, configured, live, ret_relocation);
    }
}

void relocation_clear(struct relocation *relocation)
{
    cause_clear(&relocation->cause);
    *relocation = (struct relocation){0};
}
