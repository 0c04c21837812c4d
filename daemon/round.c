#include "round.h"

#define CONFIRM_TOGETHER_MS 500 /* the longest that a watch waits for others */

void asked_free(struct asked *asked)
{
    while (asked) {
        struct asked *also = asked->also;
        g_free(asked->watch);
        g_free(asked);
        asked = also;
    }
}

struct running_round *running_round_new(uint64_t id, const char *directory, struct now now)
{
    struct running_round *running = g_new0(struct running_round, 1);

    running->id = id;
    running->directory = g_strdup(directory);
    running->boot_started_ms = now.boot_ms;
    running->boot_told_ms = INT64_MAX;
    running->asked = g_ptr_array_new_with_free_func((GDestroyNotify)asked_free);
    running->bulletin = bulletin_new();
    running->batch = store_batch_new();
    running->changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return running;
}

void running_round_free(struct running_round *running)
{
    if (!running)
        return;
    g_free(running->directory);
    g_ptr_array_unref(running->asked);
    bulletin_free(running->bulletin);
    store_batch_free(running->batch);
    g_hash_table_unref(running->changed);
    g_free(running);
}

static unsigned question_hash(const void *pointer)
{
    const struct question *question = pointer;

    return g_str_hash(question->dn);
}

static gboolean question_is_same(const void *pointer_a, const void *pointer_b)
{
    return question_equal(pointer_a, pointer_b);
}

static struct asked *asked_new(const struct watch *watch, struct asked *also)
{
    struct asked *asked = g_new(struct asked, 1);

    *asked = (struct asked){g_strdup(watch->state->watch), watch->epoch, also};
    return asked;
}

int64_t running_round_limit_ms(const struct directory_config *directory, int64_t interval_ms)
{
    return MAX(2 * directory->timeout_ms, interval_ms);
}

struct round *running_round_ask(struct running_round *running, GPtrArray *watches, struct lineage *lineage,
                                bool is_fresh, int64_t limit_ms)
{
    g_autoptr(GHashTable) questions = g_hash_table_new(question_hash, question_is_same);
    struct round *round = round_new(running->id, is_fresh, limit_ms);

    running->boot_limit_ms = running->boot_started_ms + limit_ms;
    for (unsigned i = 0; i < watches->len; i++) {
        const struct watch *watch = watches->pdata[i];
        struct question *question = watch_question(watch, lineage, round->questions->len);
        const struct question *same = g_hash_table_lookup(questions, question);
        if (same) {
            struct asked **first = (struct asked **)&running->asked->pdata[same->id];
            *first = asked_new(watch, *first);
            question_free(question);
            continue;
        }
        g_hash_table_add(questions, question);
        g_ptr_array_add(running->asked, asked_new(watch, NULL));
        g_ptr_array_add(round->questions, question);
    }
    return round;
}

struct asked *running_round_answered(struct running_round *running, uint32_t question)
{
    if (question >= running->asked->len)
        return NULL;
    return g_steal_pointer((struct asked **)&running->asked->pdata[question]);
}

/* When to ask a watch again whose answer came now: interval_ms from now, or a little later together with
 * others of the round, in one round on one connection. */
static int64_t confirm_at(struct running_round *running, int64_t interval_ms, struct now now)
{
    int64_t soonest_ms = now.boot_ms + interval_ms;
    int64_t latest_ms = soonest_ms + MIN(interval_ms / 4, CONFIRM_TOGETHER_MS);

    if (running->boot_confirm_ms < soonest_ms || running->boot_confirm_ms > latest_ms)
        running->boot_confirm_ms = latest_ms;
    return running->boot_confirm_ms;
}

void running_round_note(struct running_round *running, const struct watch *watch)
{
    g_hash_table_add(running->changed, g_strdup(watch->state->watch));
}

/* A transition of which there is nothing to tell is for the history alone. */
static void announce(struct running_round *running, const struct watch *watch,
                     const struct watch_outcome *outcome, struct now now)
{
    const struct alarm_result *result = &outcome->result;
    bool is_untold = outcome->is_transition && !outcome->is_pinned;

    if (outcome->is_pinned)
        bulletin_add(running->bulletin, WORD_PINNED, watch, outcome, NULL, now);
    for (unsigned i = 0; i < G_N_ELEMENTS(result->words) && result->words[i] != WORD_NONE; i++) {
        bool is_of_reach = result->words[i] == WORD_UNVERIFIABLE || result->words[i] == WORD_VERIFIABLE;
        if (is_of_reach && result->is_directory_wide)
            continue;
        bulletin_add(running->bulletin, result->words[i], watch, outcome, NULL, now);
        is_untold = false;
    }
    if (is_untold)
        bulletin_add(running->bulletin, WORD_STATE, watch, outcome, NULL, now);
    if (!bulletin_is_empty(running->bulletin))
        running->boot_told_ms = MIN(running->boot_told_ms, now.boot_ms);
}

void running_round_conclude(struct running_round *running, struct watch *watch,
                            const struct watch_outcome *outcome, struct now now)
{
    announce(running, watch, outcome, now);
    if (outcome->result.is_recovered) {
        g_clear_pointer(&watch->state->alert, g_free);
        watch->wants_path = true; /* whatever moved, its ancestors may be others now */
    }
    if (outcome->result.needs_confirming) {
        watch->boot_ask_ms = confirm_at(running, watch->config->confirm_interval_ms, now);
        watch->is_ask_fresh = true;
    }
    if (outcome->is_changed)
        running_round_note(running, watch);
}

static bool is_quiet_kept(const struct quiet *before, const struct quiet *quiet)
{
    return before->wall_since_ms == quiet->wall_since_ms && before->is_silenced == quiet->is_silenced &&
           before->is_flapping == quiet->is_flapping;
}

static void pass_quiet(struct running_round *running, struct watch *watch, struct now now)
{
    struct alarm *alarm = &watch->state->alarm;
    struct alarm_policy policy = watch_policy(watch);
    struct watch_outcome outcome = {.previous = alarm->verdict, .wall_previous_ms = alarm->wall_since_ms};
    struct quiet before = alarm->quiet;

    quiet_pass(&policy, alarm, watch->state->silence != NULL, now, &outcome.result);
    announce(running, watch, &outcome, now);
    if (!is_quiet_kept(&before, &alarm->quiet))
        running_round_note(running, watch);
}

int64_t running_round_pass(struct running_round *running, struct watch *watch, struct now now)
{
    const struct alarm *alarm = &watch->state->alarm;
    struct alarm_policy policy = watch_policy(watch);

    if (watch->state->silence || alarm->quiet.wall_since_ms)
        pass_quiet(running, watch, now);
    return quiet_next(&policy, alarm, now);
}

void running_round_remind(struct running_round *running, const struct watch *watch, struct now now)
{
    bulletin_add(running->bulletin, WORD_REMINDER, watch, NULL, NULL, now);
    running_round_note(running, watch);
}

bool running_round_has_news_for(const struct running_round *running, const struct running_round *other)
{
    GHashTableIter iter;
    void *name;

    if (bulletin_is_empty(running->bulletin))
        return false;
    g_hash_table_iter_init(&iter, other->changed);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (g_hash_table_contains(running->changed, name))
            return true;
    return false;
}

/* --- what it led to, as one transaction */

struct telling {
    struct running_round *running;
    const struct roster *roster;
    const char *store_id;
};

static void on_told_watch(void *user, const char *name, enum word word, uint64_t number)
{
    struct telling *telling = user;
    struct watch *watch = roster_find(telling->roster, name);

    if (!watch || (word != WORD_DRIFT && word != WORD_CHANGED && word != WORD_INVALID))
        return;
    g_free(watch->state->alert);
    watch->state->alert = g_strdup_printf("%s-%" G_GUINT64_FORMAT, telling->store_id, number);
    running_round_note(telling->running, watch);
}

static void on_untold(void *user, struct alert *untold)
{
    struct telling *telling = user;

    g_ptr_array_add(telling->running->batch->history, untold);
}

static void on_told_alert(void *user, struct alert *alert)
{
    struct telling *telling = user;

    g_ptr_array_add(telling->running->batch->alerts, alert);
}

static void keep_changed(struct running_round *running, const struct roster *roster)
{
    GHashTableIter iter;
    void *name;

    g_hash_table_iter_init(&iter, running->changed);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        struct watch *watch = roster_find(roster, name);
        if (watch)
            store_batch_keep(running->batch, watch->state);
    }
    g_hash_table_remove_all(running->changed);
}

struct store_batch *running_round_take_batch(struct running_round *running, const struct roster *roster,
                                             const char *store_id, struct bulletin_numbers *numbers)
{
    struct telling telling = {running, roster, store_id};
    static const struct bulletin_listener listener = {on_told_watch, on_untold, on_told_alert};
    struct store_batch *batch;

    bulletin_flush(running->bulletin, numbers, &listener, &telling);
    running->boot_told_ms = INT64_MAX;
    keep_changed(running, roster);
    if (store_batch_is_empty(running->batch))
        return NULL;
    batch = running->batch;
    running->batch = store_batch_new();
    return batch;
}
