#include "judge/history.h"

struct history_told *history_told_new(const char *outlet, int64_t wall_time_ms)
{
    struct history_told *told = g_new0(struct history_told, 1);

    told->outlet = g_strdup(outlet);
    told->wall_time_ms = wall_time_ms;
    return told;
}

void history_told_free(struct history_told *told)
{
    if (!told)
        return;
    g_free(told->outlet);
    g_free(told);
}

struct history_entry *history_entry_new(void)
{
    struct history_entry *entry = g_new0(struct history_entry, 1);

    entry->told = g_ptr_array_new_with_free_func((GDestroyNotify)history_told_free);
    return entry;
}

void history_entry_free(struct history_entry *entry)
{
    if (!entry)
        return;
    alert_clear(&entry->alert);
    g_ptr_array_unref(entry->told);
    g_free(entry);
}

struct history_page *history_page_new(void)
{
    struct history_page *page = g_new0(struct history_page, 1);

    page->entries = g_ptr_array_new_with_free_func((GDestroyNotify)history_entry_free);
    return page;
}

void history_page_free(struct history_page *page)
{
    if (!page)
        return;
    g_ptr_array_unref(page->entries);
    g_free(page);
}
