#include "succession.h"

#include "config/family.h"

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

/* By the name of the section: each family that somebody came to, and be it the section itself that has one
 * `dn` of its own now. */
static GHashTable *find_families(const struct roster *roster, const struct config *config)
{
    GHashTable *families = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, family_free);

    for (unsigned i = 0; i < config->watches->len; i++) {
        const struct watch_config *watch = config->watches->pdata[i];
        const char *section = watch->family ? watch->family : watch->name;
        struct family *family;
        if (roster_find(roster, watch->name))
            continue;
        family = g_hash_table_lookup(families, section);
        if (!family) {
            family = g_new0(struct family, 1);
            family->left = g_ptr_array_new();
            family->came = g_ptr_array_new();
            g_hash_table_insert(families, (char *)section, family);
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

static void add_pair(GPtrArray *found, struct family *family, struct watch *from,
                     const struct watch_config *to)
{
    struct succession *succession = g_new(struct succession, 1);

    *succession = (struct succession){g_strdup(from->state->watch), g_strdup(to->name)};
    g_ptr_array_add(found, succession);
    g_ptr_array_remove_fast(family->left, from);
    g_ptr_array_remove_fast(family->came, (void *)to);
}

/* By their DNs, all spellings of one alike: those that have one. */
static GHashTable *index_came(const struct family *family)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < family->came->len; i++) {
        struct watch_config *came = family->came->pdata[i];
        if (came->dn)
            g_hash_table_insert(index, family_name("", came->dn), came);
    }
    return index;
}

static void pair_by_dn(GPtrArray *found, struct family *family)
{
    g_autoptr(GHashTable) index = index_came(family);

    for (unsigned i = family->left->len; i-- > 0;) {
        struct watch *left = family->left->pdata[i];
        const char *configured = left->state->configured;
        g_autofree char *key = configured ? family_name("", configured) : NULL;
        const struct watch_config *came = key ? g_hash_table_lookup(index, key) : NULL;
        if (!came)
            continue;
        add_pair(found, family, left, came);
        g_hash_table_remove(index, key);
    }
}

static void pair_family(GPtrArray *found, struct family *family)
{
    if (family->left->len == 0)
        return;
    pair_by_dn(found, family);
    if (family->left->len == 1 && family->came->len == 1)
        add_pair(found, family, family->left->pdata[0], family->came->pdata[0]);
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
