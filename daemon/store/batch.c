#include "store/batch.h"

struct store_batch *store_batch_new(void)
{
    struct store_batch *batch = g_new0(struct store_batch, 1);

    batch->states = g_ptr_array_new_with_free_func(g_free);
    batch->forgotten = g_ptr_array_new_with_free_func(g_free);
    batch->ancestors = g_ptr_array_new_with_free_func((GDestroyNotify)stored_ancestor_free);
    batch->notices = g_ptr_array_new_with_free_func((GDestroyNotify)directory_notice_free);
    batch->servers = g_ptr_array_new_with_free_func((GDestroyNotify)server_notice_free);
    batch->alerts = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    batch->history = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    batch->outlets = g_ptr_array_new();
    return batch;
}

void store_batch_free(struct store_batch *batch)
{
    if (!batch)
        return;
    g_ptr_array_unref(batch->states);
    g_ptr_array_unref(batch->forgotten);
    g_ptr_array_unref(batch->ancestors);
    g_ptr_array_unref(batch->notices);
    g_ptr_array_unref(batch->servers);
    g_ptr_array_unref(batch->alerts);
    g_ptr_array_unref(batch->history);
    g_ptr_array_unref(batch->outlets);
    g_free(batch);
}

bool store_batch_is_empty(const struct store_batch *batch)
{
    return !batch->states->len && !batch->forgotten->len && !batch->ancestors->len && !batch->notices->len &&
           !batch->servers->len && !batch->alerts->len && !batch->history->len;
}

void store_batch_keep(struct store_batch *batch, const struct watch_state *state)
{
    g_ptr_array_add(batch->states, watch_state_pack(state));
}

GPtrArray *store_batch_take_members(struct store_batch *batch, const struct alert *alert)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    g_autoptr(GPtrArray) history = NULL;

    if (alert->tags[TAG_WATCH])
        return NULL;
    history = batch->history;
    batch->history = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    g_ptr_array_set_free_func(history, NULL);
    for (unsigned i = 0; i < history->len; i++) {
        struct alert *entry = history->pdata[i];

        g_ptr_array_add(entry->is_member && entry->number == alert->number ? members : batch->history, entry);
    }
    return members->len ? g_steal_pointer(&members) : NULL;
}

struct directory_notice *directory_notice_new(const char *directory)
{
    struct directory_notice *notice = g_new0(struct directory_notice, 1);

    notice->directory = g_strdup(directory);
    return notice;
}

struct directory_notice *directory_notice_dup(const struct directory_notice *notice)
{
    struct directory_notice *copy = g_memdup2(notice, sizeof *notice);

    copy->directory = g_strdup(notice->directory);
    copy->reason = g_strdup(notice->reason);
    return copy;
}

void directory_notice_free(struct directory_notice *notice)
{
    if (!notice)
        return;
    g_free(notice->directory);
    g_free(notice->reason);
    g_free(notice);
}

struct server_notice *server_notice_new(const char *directory, const char *server,
                                        int64_t wall_certificate_ms)
{
    struct server_notice *notice = g_new0(struct server_notice, 1);

    notice->directory = g_strdup(directory);
    notice->server = g_strdup(server);
    notice->wall_certificate_ms = wall_certificate_ms;
    return notice;
}

void server_notice_free(struct server_notice *notice)
{
    if (!notice)
        return;
    g_free(notice->directory);
    g_free(notice->server);
    g_free(notice);
}

struct stored_ancestor *stored_ancestor_new(const char *directory, const struct ancestor *ancestor)
{
    struct stored_ancestor *stored = g_new0(struct stored_ancestor, 1);

    stored->directory = g_strdup(directory);
    stored->ancestor = ancestor_new(ancestor->identity, ancestor->dn, ancestor->parent_identity);
    return stored;
}

void stored_ancestor_free(struct stored_ancestor *ancestor)
{
    if (!ancestor)
        return;
    g_free(ancestor->directory);
    ancestor_free(ancestor->ancestor);
    g_free(ancestor);
}
