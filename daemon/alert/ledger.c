#include "alert/ledger.h"

static void ended_free(void *data)
{
    struct ended *ended = data;

    alert_free(ended->alert);
    g_free(ended);
}

void ledger_init(struct ledger *ledger)
{
    ledger->firing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    ledger->ended = g_ptr_array_new_with_free_func(ended_free);
    ledger->sweep = 0;
}

void ledger_clear(struct ledger *ledger)
{
    g_hash_table_unref(ledger->firing);
    g_ptr_array_unref(ledger->ended);
}

static char *key_of(enum firing firing, const char *name)
{
    return g_strdup_printf("%s %d", name, firing);
}

void ledger_begin(struct ledger *ledger, const struct firing_post *post)
{
    struct fire *fire = g_new(struct fire, 1);

    *fire = (struct fire){post->severity, g_intern_string(post->alert->tags[TAG_DIRECTORY]),
                          post->wall_starts_ms, ledger->sweep};
    g_hash_table_replace(ledger->firing, key_of(post->firing, post->alert->name), fire);
}

const struct fire *ledger_find(const struct ledger *ledger, enum firing firing, const char *name)
{
    g_autofree char *key = key_of(firing, name);

    return g_hash_table_lookup(ledger->firing, key);
}

const struct ended *ledger_end(struct ledger *ledger, enum firing firing, struct alert *alert,
                               struct fire fire, int64_t mono_now_ms)
{
    g_autofree char *key = key_of(firing, alert->name);
    struct ended *ended = g_new(struct ended, 1);

    *ended = (struct ended){firing, alert, fire, mono_now_ms};
    g_hash_table_remove(ledger->firing, key);
    g_ptr_array_add(ledger->ended, ended);
    if (ledger->ended->len > LEDGER_MAX_ENDED)
        g_ptr_array_remove_index(ledger->ended, 0);
    return ended;
}

const struct ended *ledger_ended(const struct ledger *ledger, unsigned index)
{
    const struct ended *ended = ledger->ended->pdata[index];

    return ledger_find(ledger, ended->firing, ended->alert->name) ? NULL : ended;
}

void ledger_open_sweep(struct ledger *ledger)
{
    ledger->sweep++;
}

static gboolean is_untold(void *key, void *value, void *user)
{
    (void)key;
    return ((const struct fire *)value)->sweep + 1 < ((const struct ledger *)user)->sweep;
}

void ledger_close_sweep(struct ledger *ledger, int64_t mono_now_ms)
{
    unsigned n_old = 0;

    while (n_old < ledger->ended->len &&
           mono_now_ms - ((const struct ended *)ledger->ended->pdata[n_old])->mono_ms >= LEDGER_ENDED_MS)
        n_old++;
    if (n_old > 0)
        g_ptr_array_remove_range(ledger->ended, 0, n_old);
    g_hash_table_foreach_remove(ledger->firing, is_untold, ledger);
}
