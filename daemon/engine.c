#include "engine.h"

#include <string.h>

#include "bulletin.h"
#include "change.h"
#include "gatherings.h"
#include "lineage.h"
#include "outages.h"
#include "roster.h"
#include "round.h"
#include "schedule.h"
#include "silences.h"

#define GRACE_MS      (60 * 1000) /* after the start, before anything is UNVERIFIABLE */
#define TELL_AFTER_MS 1000        /* a round that drags on tells what it has by then */

struct engine {
    struct engine_edges edges;
    const struct config *config;
    char *store_id;
    struct bulletin_numbers numbers;
    struct roster *roster;
    struct lineage *lineage;
    struct schedule *schedule;
    struct outages *outages;
    struct silences silences;
    GHashTable *rounds;     /* id -> struct running_round */
    GHashTable *gatherings; /* directory -> struct running_round */
    uint64_t last_round;
    int64_t boot_start_ms;
};

/* --- telling: what a turn has led to becomes one transaction */

static void tell_alone(struct engine *engine, struct running_round *running)
{
    struct store_batch *batch =
        running_round_take_batch(running, engine->roster, engine->store_id, &engine->numbers);

    if (batch)
        engine->edges.commit(engine->edges.user, batch);
}

/* Of these rounds those that have news for the running one; NULL: each. */
static void tell_rounds(struct engine *engine, GHashTable *rounds, const struct running_round *running)
{
    GHashTableIter iter;
    void *other;

    g_hash_table_iter_init(&iter, rounds);
    while (g_hash_table_iter_next(&iter, NULL, &other))
        if (!running || (other != running && running_round_has_news_for(other, running)))
            tell_alone(engine, other);
}

/* No state is kept ahead of the news that it stands for: a kill between the two would swallow the news. So
 * what other rounds have to tell of the same watches goes first. */
static void tell_round(struct engine *engine, struct running_round *running)
{
    tell_rounds(engine, engine->gatherings, running);
    tell_rounds(engine, engine->rounds, running);
    tell_alone(engine, running);
}

static void tell_all_rounds(struct engine *engine)
{
    tell_rounds(engine, engine->gatherings, NULL);
    tell_rounds(engine, engine->rounds, NULL);
}

/* A turn without a round: reload, reminders, the daemon's own events. Close it with close_turn(). */
static struct running_round *open_turn(struct now now)
{
    return running_round_new(0, "", now);
}

static void close_turn(struct engine *engine, struct running_round *turn)
{
    tell_round(engine, turn);
    running_round_free(turn);
}

/* --- hearing: one observation, for each watch that waited for it */

static bool is_grace(const struct engine *engine, struct now now)
{
    return now.boot_ms - engine->boot_start_ms < GRACE_MS;
}

static void hear(struct engine *engine, struct running_round *running, struct watch *watch,
                 const struct observation *observation, struct now now)
{
    struct directory_record *record = outages_record(engine->outages, running->directory);
    bool is_forgiven = is_grace(engine, now) || outages_are_forgiven(engine->outages, observation, now);
    struct watch_outcome outcome;

    watch_observe(watch, engine->lineage, observation, is_forgiven, now, running->batch, &outcome);
    directory_record_count(record, &outcome.judgement);
    if (outages_hear(engine->outages, record, running, observation, &outcome, engine->roster, now))
        engine->edges.retry(engine->edges.user);
    running = gatherings_choose(engine->gatherings, running, watch, &outcome, now);
    running_round_conclude(running, watch, &outcome, now);
    watch_outcome_clear(&outcome);
}

/* That the consumer does not tell its DN is an observation as well, though none of the directory. */
static void hear_untold(struct engine *engine, struct running_round *running, struct watch *watch,
                        struct now now)
{
    g_autoptr(observation_t) seen = observation_new_untold(&watch->config->untold);
    struct watch_outcome outcome;

    watch_observe(watch, engine->lineage, seen, is_grace(engine, now), now, running->batch, &outcome);
    running_round_conclude(running, watch, &outcome, now);
    watch_outcome_clear(&outcome);
}

/* Tells the outages that are due, as soon as it can be said whether they are one. What rounds under way have
 * to tell came before: an answer may have ended the outage that is told again now. */
static int64_t settle_outages(struct engine *engine, struct now now)
{
    struct running_round *turn;
    int64_t next_ms;

    if (!outages_are_due(engine->outages))
        return INT64_MAX;
    turn = open_turn(now);
    next_ms = outages_settle(engine->outages, engine->config, engine->rounds, engine->roster, turn, now);
    if (!bulletin_is_empty(turn->bulletin))
        tell_all_rounds(engine);
    close_turn(engine, turn);
    return next_ms;
}

void engine_on_observation(struct engine *engine, struct now now, const char *directory, uint64_t round,
                           struct observation *observation)
{
    g_autoptr(observation_t) seen = observation;
    struct running_round *running = g_hash_table_lookup(engine->rounds, &round);
    g_autoptr(asked_t) waiting = NULL;

    if (!running || strcmp(running->directory, directory) != 0)
        return;
    waiting = running_round_answered(running, seen->question);
    for (const struct asked *asked = waiting; asked; asked = asked->also) {
        struct watch *watch = roster_find(engine->roster, asked->watch);
        if (watch && watch->epoch == asked->epoch)
            hear(engine, running, watch, seen, now);
    }
    settle_outages(engine, now);
}

void engine_on_round_end(struct engine *engine, struct now now, const char *directory, uint64_t round)
{
    struct running_round *running = g_hash_table_lookup(engine->rounds, &round);

    if (!running || strcmp(running->directory, directory) != 0)
        return;
    directory_record_count_round(outages_record(engine->outages, directory),
                                 now.boot_ms - running->boot_started_ms);
    tell_round(engine, running);
    schedule_round_ended(engine->schedule, round);
    g_hash_table_remove(engine->rounds, &round);
    settle_outages(engine, now);
}

/* --- asking */

/* The watches of which there is something to ask; of the others is heard at once. */
static GPtrArray *take_told(struct engine *engine, struct running_round *running, GPtrArray *watches,
                            struct now now)
{
    GPtrArray *told = g_ptr_array_sized_new(watches->len);

    for (unsigned i = 0; i < watches->len; i++) {
        struct watch *watch = watches->pdata[i];
        if (watch->config->untold.text)
            hear_untold(engine, running, watch, now);
        else if (watch->state->configured)
            g_ptr_array_add(told, watch);
    }
    return told;
}

static uint64_t on_due(void *user, const struct due *due, struct now now)
{
    struct engine *engine = user;
    struct running_round *running = running_round_new(++engine->last_round, due->directory, now);
    const struct directory_config *directory = config_directory(engine->config, due->directory);
    int64_t limit_ms = running_round_limit_ms(directory, due->interval_ms);
    g_autoptr(GPtrArray) told = take_told(engine, running, due->watches, now);
    struct round *round;

    if (told->len == 0) {
        close_turn(engine, running);
        return 0;
    }
    round = running_round_ask(running, told, engine->lineage, due->is_fresh, limit_ms);
    g_hash_table_insert(engine->rounds, &running->id, running);
    engine->edges.ask(engine->edges.user, due->directory, round);
    return running->id;
}

/* --- time passes */

/* Reminders, and what waited and waits no longer. */
static int64_t pass_time(struct engine *engine, struct now now)
{
    struct running_round *turn = open_turn(now);
    int64_t next_ms = silences_follow(&engine->silences, engine->config, engine->roster, now);

    for (unsigned i = 0; i < roster_n(engine->roster); i++) {
        struct watch *watch = roster_at(engine->roster, i);
        next_ms = MIN(next_ms, running_round_pass(turn, watch, now));
        next_ms = MIN(next_ms, gatherings_remind(engine->gatherings, watch, now));
    }
    close_turn(engine, turn);
    return next_ms;
}

static int64_t tell_slow_rounds(struct engine *engine, struct now now)
{
    GHashTableIter iter;
    void *value;
    int64_t next_ms = INT64_MAX;

    g_hash_table_iter_init(&iter, engine->rounds);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct running_round *running = value;
        if (running->boot_told_ms == INT64_MAX)
            continue;
        if (running->boot_told_ms + TELL_AFTER_MS <= now.boot_ms)
            tell_round(engine, running);
        else
            next_ms = MIN(next_ms, running->boot_told_ms + TELL_AFTER_MS);
    }
    return next_ms;
}

static int64_t tell_gatherings(struct engine *engine, struct now now)
{
    struct running_round *gathering;
    int64_t next_ms;

    while ((gathering = gatherings_take_due(engine->gatherings, now, &next_ms)))
        close_turn(engine, gathering);
    return next_ms;
}

int64_t engine_tick(struct engine *engine, struct now now)
{
    int64_t passing_ms = pass_time(engine, now);
    int64_t gathering_ms = tell_gatherings(engine, now);
    int64_t telling_ms = tell_slow_rounds(engine, now);
    int64_t settling_ms = settle_outages(engine, now);
    int64_t asking_ms = schedule_run(engine->schedule, engine->roster, now, on_due, engine);

    return MIN(MIN(gathering_ms, MIN(passing_ms, telling_ms)), MIN(settling_ms, asking_ms));
}

/* --- the configuration */

static void cancel_orphans(struct engine *engine)
{
    GHashTableIter iter;
    void *value;

    g_hash_table_iter_init(&iter, engine->rounds);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct running_round *running = value;
        if (config_directory(engine->config, running->directory))
            continue;
        tell_round(engine, running);
        engine->edges.cancel(engine->edges.user, running->directory, running->id);
        schedule_round_ended(engine->schedule, running->id);
        g_hash_table_iter_remove(&iter);
    }
}

void engine_reload(struct engine *engine, const struct config *config, struct now now)
{
    struct running_round *turn = open_turn(now);
    const struct config *old = engine->config;

    tell_all_rounds(engine);
    engine->config = config;
    change_apply(engine->roster, old, config, now, turn);
    outages_follow(engine->outages, engine->roster, turn, now);
    schedule_follow(engine->schedule, engine->roster, now);
    engine->silences = (struct silences){0};
    cancel_orphans(engine);
    close_turn(engine, turn);
}

struct engine *engine_new(const struct engine_edges *edges, const struct config *config,
                          struct store_content *content, struct now now)
{
    struct engine *engine = g_new0(struct engine, 1);

    engine->edges = *edges;
    engine->store_id = g_strdup(content->id);
    engine->numbers = (struct bulletin_numbers){content->last_number, content->last_place};
    engine->roster = roster_new(g_steal_pointer(&content->states));
    engine->lineage = lineage_new(g_steal_pointer(&content->ancestors));
    engine->schedule = schedule_new();
    engine->outages = outages_new(content->notices);
    engine->rounds =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)running_round_free);
    engine->gatherings = gatherings_new();
    engine->boot_start_ms = now.boot_ms;
    store_content_free(content);
    engine_reload(engine, config, now);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    g_hash_table_unref(engine->rounds);
    g_hash_table_unref(engine->gatherings);
    schedule_free(engine->schedule);
    roster_free(engine->roster);
    lineage_free(engine->lineage);
    outages_free(engine->outages);
    g_free(engine->store_id);
    g_free(engine);
}

/* --- what others ask of it */

void engine_announce(struct engine *engine, struct now now, enum word word, const char *sentence)
{
    struct running_round *turn = open_turn(now);

    bulletin_add_wide(turn->bulletin, word, NULL, NULL, sentence, now);
    close_turn(engine, turn);
}

void engine_keep_all(struct engine *engine)
{
    struct running_round *turn = open_turn((struct now){0});

    tell_all_rounds(engine);
    lineage_keep_all(engine->lineage, turn->batch);
    outages_keep(engine->outages, turn->batch);
    roster_keep_removed(engine->roster, turn->batch);
    for (unsigned i = 0; i < roster_n(engine->roster); i++)
        running_round_note(turn, roster_at(engine->roster, i));
    turn->batch->is_whole = true; /* who goes by another name since must not be found by both */
    close_turn(engine, turn);
}

static char *why_not_adopt(const struct watch *watch, const char *name)
{
    if (!watch)
        return g_strdup_printf("there is no watch %s", name);
    if (watch->config->identity)
        return g_strdup_printf("%s is pinned by `identity` in the configuration: change it there and reload",
                               name);
    if (watch->state->alarm.verdict != VERDICT_REPLACED)
        return g_strdup_printf("%s is not replaced by another entry: there is nothing to adopt", name);
    if (!watch->state->shown.replacement)
        return g_strdup_printf("the identity of the entry that %s leads to cannot be read", name);
    return NULL;
}

bool engine_adopt(struct engine *engine, struct now now, const char *name, char **ret_sentence)
{
    struct watch *watch = roster_find(engine->roster, name);
    struct running_round *turn;

    *ret_sentence = why_not_adopt(watch, name);
    if (*ret_sentence)
        return false;
    watch_adopt(watch, now);
    roster_renew_epoch(engine->roster, watch);
    turn = open_turn(now);
    running_round_note(turn, watch);
    close_turn(engine, turn);
    *ret_sentence = g_strdup_printf("%s takes %s for its own from now on", name, watch->state->pin.identity);
    return true;
}

bool engine_compare(struct engine *engine, struct now now, const char *name, char **ret_sentence)
{
    struct watch *watch = name ? roster_find(engine->roster, name) : NULL;

    if (name && !watch) {
        *ret_sentence = g_strdup_printf("there is no watch %s", name);
        return false;
    }
    if (watch)
        watch->boot_ask_ms = now.boot_ms;
    else
        schedule_hurry(engine->schedule, now);
    *ret_sentence = g_strdup_printf("comparing %s now", name ? name : "all watches");
    return true;
}

unsigned engine_n_watches(const struct engine *engine)
{
    return roster_n(engine->roster);
}

const struct watch_state *engine_watch(const struct engine *engine, unsigned index)
{
    const struct watch *watch = roster_at(engine->roster, index);

    return watch ? watch->state : NULL;
}

const struct watch_state *engine_find_watch(const struct engine *engine, const char *name)
{
    const struct watch *watch = roster_find(engine->roster, name);

    return watch ? watch->state : NULL;
}

void engine_list_notices(const struct engine *engine, struct store_batch *batch)
{
    outages_keep(engine->outages, batch);
}

const struct engine_counters *engine_counters(const struct engine *engine, const char *directory)
{
    const struct directory_record *record = outages_find(engine->outages, directory);

    return record ? &record->counters : NULL;
}

bool engine_is_ready(const struct engine *engine, char **ret_why_not)
{
    unsigned n = roster_n(engine->roster), n_waiting = 0;

    for (unsigned i = 0; i < n; i++)
        n_waiting += roster_at(engine->roster, i)->state->alarm.observed == VERDICT_NONE;
    if (n_waiting)
        *ret_why_not = g_strdup_printf("%u of %u watches are not compared yet", n_waiting, n);
    return n_waiting == 0;
}
