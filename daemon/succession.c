#include "succession.h"

#include <string.h>

#include "config/family.h"
#include "dn/equal.h"
#include "dn/read.h"

/* The watches of one family that left and came. */
struct family {
    GPtrArray *left; /* of struct watch */
    GPtrArray *came; /* of struct watch_config */
};

static void family_free(void *pointer)
{
    struct family *family = pointer;

    g_ptr_array_unref(family->left);
    g_ptr_array_unref(family->came);
    g_free(family);
}

static void succession_free(void *pointer)
{
    struct succession *succession = pointer;

    g_free(succession->from);
    g_free(succession->to);
    g_free(succession);
}

/* By the name of the section: each family that somebody came to. */
static GHashTable *find_families(const struct roster *roster, const struct config *config)
{
    GHashTable *families = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, family_free);

    for (unsigned i = 0; i < config->watches->len; i++) {
        const struct watch_config *watch = config->watches->pdata[i];
        struct family *family = watch->family ? g_hash_table_lookup(families, watch->family) : NULL;
        if (!watch->family || roster_find(roster, watch->name))
            continue;
        if (!family) {
            family = g_new0(struct family, 1);
            family->left = g_ptr_array_new();
            family->came = g_ptr_array_new();
            g_hash_table_insert(families, watch->family, family);
        }
        g_ptr_array_add(family->came, (void *)watch);
    }
    return families;
}

static struct family *family_of_watch(GHashTable *families, const char *name)
{
    g_autofree char *section = family_of(name);
    struct family *family = g_hash_table_lookup(families, name);

    return family || !section ? family : g_hash_table_lookup(families, section);
}

static void find_left(GHashTable *families, const struct roster *roster, const struct config *config)
{
    for (unsigned i = 0; i < roster_n(roster); i++) {
        struct watch *watch = roster_at(roster, i);
        struct family *family = family_of_watch(families, watch->state->watch);
        if (family && !config_watch(config, watch->state->watch))
            g_ptr_array_add(family->left, watch);
    }
}

static bool is_same_dn(const char *a, const char *b)
{
    g_autoptr(dn_t) dn_a = a ? dn_read(a, NULL, NULL) : NULL;
    g_autoptr(dn_t) dn_b = b ? dn_read(b, NULL, NULL) : NULL;

    return dn_a && dn_b ? dn_equal(dn_a, dn_b) : g_strcmp0(a, b) == 0;
}

static void add_pair(GPtrArray *found, struct family *family, unsigned left, unsigned came)
{
    const struct watch *from = g_ptr_array_steal_index_fast(family->left, left);
    const struct watch_config *to = g_ptr_array_steal_index_fast(family->came, came);
    struct succession *succession = g_new(struct succession, 1);

    *succession = (struct succession){g_strdup(from->state->watch), g_strdup(to->name)};
    g_ptr_array_add(found, succession);
}

static bool pair_by_dn(GPtrArray *found, struct family *family, unsigned left)
{
    const struct watch *watch = family->left->pdata[left];

    for (unsigned i = 0; i < family->came->len; i++) {
        const struct watch_config *came = family->came->pdata[i];
        if (!is_same_dn(watch->state->configured, came->dn))
            continue;
        add_pair(found, family, left, i);
        return true;
    }
    return false;
}

static void pair_family(GPtrArray *found, struct family *family)
{
    for (unsigned i = family->left->len; i-- > 0;)
        pair_by_dn(found, family, i);
    if (family->left->len == 1 && family->came->len == 1)
        add_pair(found, family, 0, 0);
}

GPtrArray *succession_find(const struct roster *roster, const struct config *config)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(succession_free);
    g_autoptr(GHashTable) families = find_families(roster, config);
    GHashTableIter iter;
    void *family;

    if (g_hash_table_size(families) == 0)
        return found;
    find_left(families, roster, config);
    g_hash_table_iter_init(&iter, families);
    while (g_hash_table_iter_next(&iter, NULL, &family))
        pair_family(found, family);
    return found;
}
