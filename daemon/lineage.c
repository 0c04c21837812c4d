#include "lineage.h"

#include <string.h>

struct lineage {
    GHashTable *ancestors;
    GHashTable *paths; /* keyed alike, by the parent: those asked for since the ancestors last changed */
};

struct lineage *lineage_new(GHashTable *ancestors)
{
    struct lineage *lineage = g_new0(struct lineage, 1);

    lineage->ancestors = ancestors;
    lineage->paths =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    return lineage;
}

void lineage_free(struct lineage *lineage)
{
    if (!lineage)
        return;
    g_hash_table_unref(lineage->ancestors);
    g_hash_table_unref(lineage->paths);
    g_free(lineage);
}

static char *ancestor_key(const char *directory, const char *identity)
{
    return g_strconcat(directory, "\n", identity, NULL);
}

static struct ancestor *find_ancestor(const struct lineage *lineage, const char *directory,
                                      const char *identity)
{
    g_autofree char *key = ancestor_key(directory, identity);

    return g_hash_table_lookup(lineage->ancestors, key);
}

static GPtrArray *climb(const struct lineage *lineage, const char *directory, const char *parent_identity)
{
    GPtrArray *path = g_ptr_array_new_with_free_func(g_free);
    const char *identity = parent_identity;

    while (identity && path->len < PATH_MAX_ENTRIES) {
        const struct ancestor *ancestor = find_ancestor(lineage, directory, identity);
        if (!ancestor)
            break;
        g_ptr_array_add(path, g_strdup(identity));
        identity = ancestor->parent_identity;
    }
    return path;
}

GPtrArray *lineage_path(struct lineage *lineage, const char *directory, const char *parent_identity)
{
    if (!parent_identity)
        return NULL;
    g_autofree char *key = ancestor_key(directory, parent_identity);
    GPtrArray *path = g_hash_table_lookup(lineage->paths, key);
    if (!path) {
        path = climb(lineage, directory, parent_identity);
        g_hash_table_insert(lineage->paths, g_steal_pointer(&key), path);
    }
    return g_ptr_array_ref(path);
}

GPtrArray *lineage_dns(const struct lineage *lineage, const char *directory, const GPtrArray *path)
{
    GPtrArray *dns = g_ptr_array_new();

    for (unsigned i = 0; path && i < path->len; i++)
        g_ptr_array_add(dns, find_ancestor(lineage, directory, path->pdata[i])->dn);
    return dns;
}

static bool is_known(const struct ancestor *known, const struct ancestor *read)
{
    return known && g_strcmp0(known->dn, read->dn) == 0 &&
           g_strcmp0(known->parent_identity, read->parent_identity) == 0;
}

void lineage_learn(struct lineage *lineage, const char *directory, GPtrArray *path, struct store_batch *batch)
{
    for (unsigned i = 0; path && i < path->len; i++) {
        const struct path_entry *entry = path->pdata[i];
        const struct path_entry *above = i + 1 < path->len ? path->pdata[i + 1] : NULL;

        if (!entry->identity)
            return;
        struct ancestor *read = ancestor_new(entry->identity, entry->dn, above ? above->identity : NULL);
        if (is_known(find_ancestor(lineage, directory, entry->identity), read)) {
            ancestor_free(read);
            continue;
        }
        g_ptr_array_add(batch->ancestors, stored_ancestor_new(directory, read));
        g_hash_table_replace(lineage->ancestors, ancestor_key(directory, entry->identity), read);
        g_hash_table_remove_all(lineage->paths);
    }
}

void lineage_keep_all(const struct lineage *lineage, struct store_batch *batch)
{
    GHashTableIter iter;
    void *key, *value;

    g_hash_table_iter_init(&iter, lineage->ancestors);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        g_autofree char *directory = g_strndup(key, strcspn(key, "\n"));
        g_ptr_array_add(batch->ancestors, stored_ancestor_new(directory, value));
    }
}
