#include "store/content.h"

struct store_content *store_content_new(void)
{
    struct store_content *content = g_new0(struct store_content, 1);

    content->states = g_ptr_array_new_with_free_func((GDestroyNotify)watch_state_free);
    content->ancestors =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)ancestor_free);
    content->notices = g_ptr_array_new_with_free_func((GDestroyNotify)directory_notice_free);
    content->servers = g_ptr_array_new_with_free_func((GDestroyNotify)server_notice_free);
    content->outbox = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    content->outlets =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    content->members =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    return content;
}

const GPtrArray *store_content_outlets(const struct store_content *content, uint64_t number)
{
    static const GPtrArray nobody = {0};
    const GPtrArray *outlets = g_hash_table_lookup(content->outlets, &number);

    return outlets ? outlets : &nobody;
}

GPtrArray *store_content_take_members(struct store_content *content, uint64_t number)
{
    void *key, *members = NULL;

    if (g_hash_table_steal_extended(content->members, &number, &key, &members))
        g_free(key);
    return members;
}

void store_content_free(struct store_content *content)
{
    if (!content)
        return;
    g_free(content->id);
    g_clear_pointer(&content->states, g_ptr_array_unref); /* the engine may have taken them */
    g_clear_pointer(&content->ancestors, g_hash_table_unref);
    g_ptr_array_unref(content->notices);
    g_ptr_array_unref(content->servers);
    g_ptr_array_unref(content->outbox);
    g_hash_table_unref(content->outlets);
    g_hash_table_unref(content->members);
    g_free(content->rejected);
    g_free(content);
}
