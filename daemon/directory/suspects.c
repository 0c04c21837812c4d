#include "directory/suspects.h"

#include <glib.h>

struct suspects {
    GHashTable *counts; /* DN -> how often it was fatal; owns the text */
    GQueue order;       /* of the same text, the longest known first */
};

struct suspects *suspects_new(void)
{
    struct suspects *suspects = g_new0(struct suspects, 1);

    suspects->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&suspects->order);
    return suspects;
}

void suspects_free(struct suspects *suspects)
{
    if (!suspects)
        return;
    g_queue_clear(&suspects->order);
    g_hash_table_unref(suspects->counts);
    g_free(suspects);
}

void suspects_accuse(struct suspects *suspects, const char *dn)
{
    void *text, *count;

    if (g_hash_table_lookup_extended(suspects->counts, dn, &text, &count)) {
        g_hash_table_steal(suspects->counts, dn);
        g_hash_table_insert(suspects->counts, text, GUINT_TO_POINTER(GPOINTER_TO_UINT(count) + 1));
        return;
    }
    if (g_queue_get_length(&suspects->order) == SUSPECTS_MAX)
        g_hash_table_remove(suspects->counts, g_queue_pop_head(&suspects->order));
    text = g_strdup(dn);
    g_hash_table_insert(suspects->counts, text, GUINT_TO_POINTER(1));
    g_queue_push_tail(&suspects->order, text);
}

void suspects_clear(struct suspects *suspects, const char *dn)
{
    void *text;

    if (!g_hash_table_lookup_extended(suspects->counts, dn, &text, NULL))
        return;
    g_queue_remove(&suspects->order, text);
    g_hash_table_remove(suspects->counts, text);
}

bool suspects_is_empty(const struct suspects *suspects)
{
    return g_queue_is_empty((GQueue *)&suspects->order);
}

bool suspects_has(const struct suspects *suspects, const char *dn)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(suspects->counts, dn)) >= SUSPECTS_TWICE;
}
