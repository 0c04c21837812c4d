#include "roster.h"

#include <string.h>

#include "succession.h"

struct roster {
    GPtrArray *watches;  /* of struct watch, by name */
    GHashTable *by_name; /* the same; borrowed keys */
    GHashTable *removed; /* name -> struct watch_state */
    uint64_t epoch;
};

static struct watch *add_watch(struct roster *roster, struct watch_state *state)
{
    struct watch *watch = watch_new(state);

    g_ptr_array_add(roster->watches, watch);
    g_hash_table_replace(roster->by_name, state->watch, watch);
    return watch;
}

struct roster *roster_new(GPtrArray *states)
{
    struct roster *roster = g_new0(struct roster, 1);

    roster->watches = g_ptr_array_new_with_free_func((GDestroyNotify)watch_free);
    roster->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    roster->removed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)watch_state_free);
    g_ptr_array_set_free_func(states, NULL);
    for (unsigned i = 0; i < states->len; i++) {
        struct watch_state *state = states->pdata[i];
        if (state->wall_removed_ms)
            g_hash_table_replace(roster->removed, state->watch, state);
        else
            add_watch(roster, state);
    }
    g_ptr_array_unref(states);
    return roster;
}

void roster_free(struct roster *roster)
{
    if (!roster)
        return;
    g_hash_table_unref(roster->by_name);
    g_ptr_array_unref(roster->watches);
    g_hash_table_unref(roster->removed);
    g_free(roster);
}

unsigned roster_n(const struct roster *roster)
{
    return roster->watches->len;
}

struct watch *roster_at(const struct roster *roster, unsigned index)
{
    return index < roster->watches->len ? roster->watches->pdata[index] : NULL;
}

struct watch *roster_find(const struct roster *roster, const char *name)
{
    return g_hash_table_lookup(roster->by_name, name);
}

unsigned roster_n_of(const struct roster *roster, const char *directory)
{
    unsigned count = 0;

    for (unsigned i = 0; i < roster_n(roster); i++)
        count += strcmp(roster_at(roster, i)->state->directory, directory) == 0;
    return count;
}

void roster_keep_removed(const struct roster *roster, struct store_batch *batch)
{
    GHashTableIter iter;
    void *state;

    g_hash_table_iter_init(&iter, roster->removed);
    while (g_hash_table_iter_next(&iter, NULL, &state))
        store_batch_keep(batch, state);
}

void roster_renew_epoch(struct roster *roster, struct watch *watch)
{
    watch->epoch = ++roster->epoch;
}

/* Out of the configuration: what is known stays, an open drift ends. */
static void retire(struct roster *roster, struct watch *watch, struct now now,
                   const struct roster_listener *listener, void *user)
{
    struct watch_state *state = watch->state;

    watch->config = NULL;
    watch->directory = NULL;
    state->wall_removed_ms = now.wall_ms;
    listener->on_removed(user, watch);
    state->alarm = (struct alarm){0};
    judgement_clear(&state->shown);
    g_hash_table_remove(roster->by_name, state->watch);
    watch->state = NULL;
    g_hash_table_replace(roster->removed, state->watch, state);
}

static void retire_missing(struct roster *roster, const struct config *config, struct now now,
                           const struct roster_listener *listener, void *user)
{
    for (unsigned i = roster->watches->len; i-- > 0;) {
        struct watch *watch = roster->watches->pdata[i];
        if (config_watch(config, watch->state->watch))
            continue;
        retire(roster, watch, now, listener, user);
        g_ptr_array_remove_index_fast(roster->watches, i);
    }
}

/* Goes on under another name: what is known under that one from long ago gives way. An answer that is on its
 * way finds nobody of the old name, so it is asked for again. */
static void succeed(struct roster *roster, const struct succession *succession, struct now now,
                    const struct roster_listener *listener, void *user)
{
    struct watch *watch = roster_find(roster, succession->from);

    g_hash_table_remove(roster->by_name, succession->from);
    g_hash_table_remove(roster->removed, succession->to);
    state_set_text(&watch->state->watch, succession->to);
    g_hash_table_replace(roster->by_name, watch->state->watch, watch);
    if (watch->boot_ask_ms == INT64_MAX)
        watch->boot_ask_ms = now.boot_ms;
    listener->on_renamed(user, succession->from, watch);
}

static void succeed_all(struct roster *roster, const struct config *config, struct now now,
                        const struct roster_listener *listener, void *user)
{
    g_autoptr(GPtrArray) successions = succession_find(roster, config);

    for (unsigned i = 0; i < successions->len; i++)
        succeed(roster, successions->pdata[i], now, listener, user);
}

/* A watch for this name: the one there is, one that comes back with its pin, or a new one. */
static struct watch *find_or_admit(struct roster *roster, const char *name)
{
    struct watch *watch = roster_find(roster, name);
    struct watch_state *state = NULL;

    if (watch)
        return watch;
    if (!g_hash_table_steal_extended(roster->removed, name, NULL, (void **)&state))
        state = watch_state_new(name);
    state->wall_removed_ms = 0;
    return add_watch(roster, state);
}

/* Places what the wall clock says about the past on this boot's clock, never in the future. */
static void place_in_time(struct watch_state *state, struct now now)
{
    state->boot_known_ms = now.boot_ms;
    if (state->wall_last_compared_ms)
        state->boot_last_compared_ms = now.boot_ms - MAX(now.wall_ms - state->wall_last_compared_ms, 0);
}

/* A pin by hand overrides the stored one. */
static bool apply_identity(struct watch_state *state, const char *identity)
{
    if (!identity || (state->pin.identity && g_ascii_strcasecmp(identity, state->pin.identity) == 0))
        return false;
    pin_clear(&state->pin);
    state->pin.identity = g_strdup(identity);
    return true;
}

/* Whether an answer to what was asked before would not do: before may be NULL. */
static bool is_other_question(const struct watch_config *before, const struct watch_config *config)
{
    return before &&
           (g_strcmp0(before->compare, config->compare) != 0 || g_strcmp0(before->find, config->find) != 0);
}

/* Whether the consumer tells its DN again, or no longer, or another reason why not. */
static bool is_told_otherwise(const struct watch *watch, const struct watch_config *config)
{
    bool is_first = !watch->state->configured && config->dn;

    return is_first || (watch->config && g_strcmp0(watch->config->untold.text, config->untold.text) != 0);
}

static void take_config(struct watch *watch, const struct watch_config *config,
                        const struct directory_config *directory)
{
    struct watch_state *state = watch->state;

    watch->config = config;
    watch->directory = directory;
    state_set_text(&state->directory, directory->name);
    state_set_text(&state->attribute, config->compare);
    state_set_text(&state->consumer, config->consumer);
    state_set_text(&state->fix, config->fix);
    state->is_strict = config->is_strict;
    state->severity = config->severity;
    state->stale_after_ms = config->stale_after_ms;
}

/* The value before, if it is another now; g_free() it. Where none is told the last one stays. */
static char *take_configured(struct watch_state *state, const char *dn)
{
    g_autofree char *before = NULL;

    if (!dn || g_strcmp0(state->configured, dn) == 0)
        return NULL;
    before = g_steal_pointer(&state->configured);
    state->configured = g_strdup(dn);
    if (before) /* back to the value that led to the pinned entry is no edit */
        state->is_edited = g_strcmp0(state->pin.configured, dn) != 0;
    return g_steal_pointer(&before);
}

static void equip(struct roster *roster, struct watch *watch, const struct watch_config *config,
                  const struct directory_config *directory, bool is_directory_changed, struct now now,
                  const struct roster_listener *listener, void *user)
{
    struct watch_state *state = watch->state;
    bool is_new = !watch->config;
    bool is_elsewhere = is_directory_changed || g_strcmp0(state->directory, directory->name) != 0 ||
                        is_other_question(watch->config, config);
    bool is_pinned = apply_identity(state, config->identity);
    bool is_otherwise = is_told_otherwise(watch, config);
    g_autofree char *before = take_configured(state, config->dn);
    bool is_edited = before;

    if (is_new)
        place_in_time(state, now);
    take_config(watch, config, directory);
    if (!is_new && !is_elsewhere && !is_pinned && !is_edited && !is_otherwise)
        return;
    watch->wants_path |= is_elsewhere || is_edited || !state->pin.parent_identity;
    watch->boot_ask_ms = now.boot_ms;
    watch->is_ask_fresh = false;
    roster_renew_epoch(roster, watch);
    watch_prepare(watch);
    if (is_edited || is_pinned)
        listener->on_edited(user, watch, is_edited ? before : NULL);
}

static int compare_names(const void *a, const void *b)
{
    const struct watch *const *watch_a = a, *const *watch_b = b;

    return strcmp((*watch_a)->state->watch, (*watch_b)->state->watch);
}

static void forget_old(struct roster *roster, struct now now, const struct roster_listener *listener,
                       void *user)
{
    GHashTableIter iter;
    void *value;

    g_hash_table_iter_init(&iter, roster->removed);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct watch_state *state = value;
        if (!state->wall_removed_ms || now.wall_ms - state->wall_removed_ms <= ROSTER_KEEP_REMOVED_MS)
            continue;
        listener->on_forgotten(user, state->watch);
        g_hash_table_iter_remove(&iter);
    }
}

static bool is_directory_changed(const struct config *old, const struct directory_config *directory)
{
    const struct directory_config *before = old ? config_directory(old, directory->name) : NULL;

    return before && !directory_config_equal(before, directory);
}

void roster_apply(struct roster *roster, const struct config *old, const struct config *config,
                  struct now now, const struct roster_listener *listener, void *user)
{
    succeed_all(roster, config, now, listener, user);
    retire_missing(roster, config, now, listener, user);
    for (unsigned i = 0; i < config->watches->len; i++) {
        const struct watch_config *watch = config->watches->pdata[i];
        const struct directory_config *directory = config_directory(config, watch->directory);
        equip(roster, find_or_admit(roster, watch->name), watch, directory,
              is_directory_changed(old, directory), now, listener, user);
    }
    g_ptr_array_sort(roster->watches, compare_names);
    forget_old(roster, now, listener, user);
}
