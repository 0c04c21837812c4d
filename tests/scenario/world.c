#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* A directory, in the configuration or not any more. */
struct place {
    struct directory_config *config;
    struct tree *tree;
    int64_t delay_ms; /* of its answers; 0: as the weather is */
};

/* A round that was asked, and when its answers come. */
struct asked_round {
    struct round *round;
    const struct place *place;
    int64_t boot_answer_ms;
};

static void asked_round_free(struct asked_round *asked)
{
    round_free(asked->round);
    g_free(asked);
}

static struct place *find_place(const struct world *world, const char *directory)
{
    for (unsigned i = 0; i < world->places->len; i++) {
        struct place *place = world->places->pdata[i];
        if (strcmp(place->config->name, directory) == 0)
            return place;
    }
    return NULL;
}

/* --- the engine's edges */

static int64_t answer_delay(const struct place *place)
{
    if (place->delay_ms)
        return place->delay_ms;
    return tree_weather(place->tree) == DOWN ? 10000 : 50;
}

static void on_ask(void *user, const char *directory, struct round *round)
{
    struct world *world = user;
    struct asked_round *asked = g_new0(struct asked_round, 1);

    asked->round = round;
    asked->place = find_place(world, directory);
    asked->boot_answer_ms = world->now.boot_ms + answer_delay(asked->place);
    g_ptr_array_add(world->rounds, asked);
}

static void on_cancel(void *user, const char *directory, uint64_t round)
{
    struct world *world = user;

    (void)directory;
    for (unsigned i = 0; i < world->rounds->len; i++)
        if (((struct asked_round *)world->rounds->pdata[i])->round->id == round) {
            g_ptr_array_remove_index(world->rounds, i);
            return;
        }
}

static const struct watch_state *kept_state(const struct world *world, const char *name)
{
    for (unsigned i = 0; i < world->kept->states->len; i++) {
        const struct watch_state *state = world->kept->states->pdata[i];
        if (strcmp(state->watch, name) == 0)
            return state;
    }
    return NULL;
}

static void forget_state(struct world *world, const char *name)
{
    g_ptr_array_remove(world->kept->states, (void *)kept_state(world, name));
}

static bool has_entry(const GPtrArray *entries, const char *name)
{
    for (unsigned i = 0; i < entries->len; i++)
        if (strcmp(((const struct alert *)entries->pdata[i])->name, name) == 0)
            return true;
    return false;
}

/* Another confirmed state is never kept without its entry of the history, but for the outage of a whole
 * directory: that is one of the directory. */
static void check_history(const struct world *world, const struct store_batch *batch)
{
    for (unsigned i = 0; i < batch->states->len && !world->has_store_failed; i++) {
        const struct watch_state *state = batch->states->pdata[i];
        const struct watch_state *before = kept_state(world, state->watch);
        bool is_wide = state->shown.is_directory_wide || (before && before->shown.is_directory_wide);
        bool is_taken_out = state->alarm.verdict == VERDICT_NONE;
        if (!before || before->alarm.verdict == state->alarm.verdict || is_wide || is_taken_out)
            continue;
        if (!has_entry(batch->alerts, state->watch) && !has_entry(batch->history, state->watch))
            fail_msg("%s became %s, and the history does not know", state->watch,
                     verdict_name(state->alarm.verdict));
    }
}

static void keep_states(struct world *world, const struct store_batch *batch)
{
    if (batch->is_whole)
        g_ptr_array_set_size(world->kept->states, 0);
    for (unsigned i = 0; i < batch->forgotten->len; i++)
        forget_state(world, batch->forgotten->pdata[i]);
    for (unsigned i = 0; i < batch->states->len; i++) {
        const struct watch_state *state = batch->states->pdata[i];
        struct watch_state *kept = watch_state_dup(state);
        struct alarm alarm = {
            .verdict = state->alarm.verdict,
            .wall_since_ms = state->alarm.wall_since_ms,
            .is_drift_open = state->alarm.is_drift_open,
            .is_invalid_open = state->alarm.is_invalid_open,
            .is_spelling_noted = state->alarm.is_spelling_noted,
            .is_unverifiable_open = state->alarm.is_unverifiable_open,
            .is_unverifiable_wide = state->alarm.is_unverifiable_wide,
            .wall_reminded_ms = state->alarm.wall_reminded_ms,
            .quiet = state->alarm.quiet,
        };
        kept->alarm = alarm;
        kept->boot_last_compared_ms = kept->boot_known_ms = 0;
        forget_state(world, state->watch);
        g_ptr_array_add(world->kept->states, kept);
    }
}

static void keep_notice(struct world *world, const struct directory_notice *notice)
{
    GPtrArray *notices = world->kept->notices;

    for (unsigned i = 0; i < notices->len; i++)
        if (strcmp(((struct directory_notice *)notices->pdata[i])->directory, notice->directory) == 0) {
            g_ptr_array_remove_index(notices, i);
            break;
        }
    g_ptr_array_add(notices, directory_notice_dup(notice));
}

static void keep_rest(struct world *world, const struct store_batch *batch)
{
    for (unsigned i = 0; i < batch->ancestors->len; i++) {
        const struct stored_ancestor *stored = batch->ancestors->pdata[i];
        const struct ancestor *ancestor = stored->ancestor;
        g_hash_table_replace(world->kept->ancestors,
                             g_strconcat(stored->directory, "\n", ancestor->identity, NULL),
                             ancestor_new(ancestor->identity, ancestor->dn, ancestor->parent_identity));
    }
    for (unsigned i = 0; i < batch->notices->len; i++)
        keep_notice(world, batch->notices->pdata[i]);
}

static void on_retry(void *user)
{
    struct world *world = user;

    world->n_retries++;
}

static void note_place(struct world *world, const struct alert *entry)
{
    if (!world->is_store_failing)
        world->kept->last_place = MAX(world->kept->last_place, entry->place);
}

static void note_untold(struct world *world, const struct alert *entry)
{
    if (entry->is_member)
        return;
    note_place(world, entry);
    g_ptr_array_add(world->untold, alert_dup(entry));
}

static void on_commit(void *user, struct store_batch *batch)
{
    struct world *world = user;

    world->has_store_failed |= world->is_store_failing;
    check_history(world, batch);
    if (!world->is_store_failing) {
        keep_states(world, batch);
        keep_rest(world, batch);
    }
    for (unsigned i = 0; i < batch->history->len; i++)
        note_untold(world, batch->history->pdata[i]);
    for (unsigned i = 0; i < batch->alerts->len; i++) {
        struct alert *alert = alert_dup(batch->alerts->pdata[i]);
        if (!world->is_store_failing)
            world->kept->last_number = alert->number;
        note_place(world, alert);
        g_ptr_array_add(world->alerts, alert);
        if (world->on_alert)
            world->on_alert(world, alert);
    }
    store_batch_free(batch);
}

/* --- a copy of what is kept, for a new engine */

static struct store_content *copy_kept(const struct world *world)
{
    struct store_content *copy = store_content_new();
    GHashTableIter iter;
    void *key, *value;

    g_free(copy->id);
    copy->id = g_strdup("0badcafe");
    copy->last_number = world->kept->last_number;
    copy->last_place = world->kept->last_place;
    for (unsigned i = 0; i < world->kept->states->len; i++)
        g_ptr_array_add(copy->states, watch_state_dup(world->kept->states->pdata[i]));
    g_hash_table_iter_init(&iter, world->kept->ancestors);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const struct ancestor *ancestor = value;
        g_hash_table_replace(copy->ancestors, g_strdup(key),
                             ancestor_new(ancestor->identity, ancestor->dn, ancestor->parent_identity));
    }
    for (unsigned i = 0; i < world->kept->notices->len; i++)
        g_ptr_array_add(copy->notices, directory_notice_dup(world->kept->notices->pdata[i]));
    return copy;
}

static void start_engine(struct world *world)
{
    struct engine_edges edges = {world, on_ask, on_cancel, on_commit, on_retry};

    world->engine = engine_new(&edges, world->config, copy_kept(world), world->now);
    world->boot_wake_ms = world->now.boot_ms;
}

/* --- the configuration */

static void watch_config_free(struct watch_config *watch)
{
    g_free(watch->name);
    g_free(watch->directory);
    g_free(watch->dn);
    g_free(watch->identity);
    g_free(watch);
}

static struct config *config_new(void)
{
    struct config *config = g_new0(struct config, 1);

    config->directories = g_ptr_array_new();
    config->watches = g_ptr_array_new_with_free_func((GDestroyNotify)watch_config_free);
    config->silences = g_ptr_array_new_with_free_func((GDestroyNotify)silence_config_free);
    return config;
}

static struct place *place_new(const char *name)
{
    struct place *place = g_new0(struct place, 1);

    place->config = g_new0(struct directory_config, 1);
    place->config->name = g_strdup(name);
    place->config->uris = g_strsplit("ldap://fake:389", " ", 0);
    place->config->timeout_ms = 10000;
    place->config->split_after_ms = 5 * MINUTE_MS;
    place->tree = world_tree_new();
    return place;
}

static void place_free(struct place *place)
{
    g_free(place->config->name);
    g_strfreev(place->config->uris);
    g_free(place->config);
    tree_free(place->tree);
    g_free(place);
}

struct tree *world_add_directory(struct world *world, const char *name)
{
    struct place *place = find_place(world, name);

    if (!place) {
        place = place_new(name);
        g_ptr_array_add(world->places, place);
    }
    g_ptr_array_add(world->config->directories, place->config);
    return place->tree;
}

void world_remove_directory(struct world *world, const char *name)
{
    for (unsigned i = world->config->watches->len; i-- > 0;) {
        const struct watch_config *watch = world->config->watches->pdata[i];
        if (strcmp(watch->directory, name) == 0)
            world_remove_watch(world, watch->name);
    }
    g_ptr_array_remove(world->config->directories, find_place(world, name)->config);
}

struct tree *world_tree(const struct world *world, const char *directory)
{
    return find_place(world, directory)->tree;
}

void world_delay(struct world *world, const char *directory, int64_t delay_ms)
{
    find_place(world, directory)->delay_ms = delay_ms;
}

struct watch_config *world_add_watch_in(struct world *world, const char *directory, const char *name,
                                        const char *dn)
{
    struct watch_config *watch = g_new0(struct watch_config, 1);

    watch->name = g_strdup(name);
    watch->directory = g_strdup(directory);
    watch->dn = g_strdup(dn);
    watch->interval_ms = MINUTE_MS;
    watch->confirm = watch->confirm_recovery = 2;
    watch->confirm_unverifiable = 3;
    watch->confirm_interval_ms = 5000;
    watch->stale_after_ms = 10 * MINUTE_MS;
    watch->remind_ms = DAY_MS;
    watch->severity = 3;
    g_ptr_array_add(world->config->watches, watch);
    return watch;
}

struct watch_config *world_add_watch(struct world *world, const char *name, const char *dn)
{
    return world_add_watch_in(world, "mms", name, dn);
}

struct watch_config *world_watch(struct world *world, const char *name)
{
    for (unsigned i = 0; i < world->config->watches->len; i++) {
        struct watch_config *watch = world->config->watches->pdata[i];
        if (strcmp(watch->name, name) == 0)
            return watch;
    }
    return NULL;
}

void world_remove_watch(struct world *world, const char *name)
{
    guint index;

    g_assert(g_ptr_array_find(world->config->watches, world_watch(world, name), &index));
    /* The engine reads it until the reload. */
    g_ptr_array_add(world->retired, g_ptr_array_steal_index(world->config->watches, index));
}

struct silence_config *world_silence(struct world *world, const char *pattern, int64_t wall_from_ms,
                                     int64_t wall_until_ms)
{
    struct silence_config *silence = g_new0(struct silence_config, 1);

    silence->name = g_strdup("s");
    silence->watches = g_strsplit(pattern, " ", 0);
    silence->wall_from_ms = wall_from_ms;
    silence->wall_until_ms = wall_until_ms;
    g_ptr_array_add(world->config->silences, silence);
    return silence;
}

void world_reload(struct world *world)
{
    engine_reload(world->engine, world->config, world->now);
    world->boot_wake_ms = world->now.boot_ms;
}

/* config/config.h names these two; the real ones come with an index by name. */
const struct directory_config *config_directory(const struct config *config, const char *name)
{
    for (unsigned i = 0; i < config->directories->len; i++) {
        const struct directory_config *directory = config->directories->pdata[i];
        if (strcmp(directory->name, name) == 0)
            return directory;
    }
    return NULL;
}

const struct watch_config *config_watch(const struct config *config, const char *name)
{
    for (unsigned i = 0; i < config->watches->len; i++) {
        const struct watch_config *watch = config->watches->pdata[i];
        if (strcmp(watch->name, name) == 0)
            return watch;
    }
    return NULL;
}

/* --- time */

static struct asked_round *next_round(const struct world *world)
{
    struct asked_round *next = NULL;

    for (unsigned i = 0; i < world->rounds->len; i++) {
        struct asked_round *asked = world->rounds->pdata[i];
        if (!next || asked->boot_answer_ms < next->boot_answer_ms)
            next = asked;
    }
    return next;
}

static struct observation *answer_question(const struct world *world, const struct place *place,
                                           const struct question *question)
{
    bool is_mms = strcmp(place->config->name, "mms") == 0;
    struct observation *seen = tree_answer(is_mms ? world->tree : place->tree, question);

    if (!world->other || !is_mms)
        return seen;
    seen->others = g_ptr_array_new_with_free_func((GDestroyNotify)observation_free);
    g_ptr_array_add(seen->others, tree_answer(world->other, question));
    return seen;
}

static void answer(struct world *world, struct asked_round *asked)
{
    struct round *round = asked->round;
    const char *directory = asked->place->config->name;

    world->answering = directory;
    for (unsigned i = 0; i < round->questions->len; i++) {
        const struct question *question = round->questions->pdata[i];
        struct observation *seen = answer_question(world, asked->place, question);
        world->n_answers++;
        if (world->on_answer)
            world->on_answer(world, question, seen);
        engine_on_observation(world->engine, world->now, directory, round->id, seen);
    }
    engine_on_round_end(world->engine, world->now, directory, round->id);
    g_ptr_array_remove(world->rounds, asked);
    world->boot_wake_ms = world->now.boot_ms;
}

static void move_clock(struct world *world, int64_t boot_ms)
{
    int64_t step_ms = boot_ms - world->now.boot_ms;

    world->now.boot_ms += step_ms;
    world->now.wall_ms += step_ms;
}

void world_pass(struct world *world, int64_t ms)
{
    int64_t end_ms = world->now.boot_ms + ms;

    for (;;) {
        struct asked_round *asked = next_round(world);
        int64_t answer_ms = asked ? asked->boot_answer_ms : INT64_MAX;
        int64_t next_ms = MIN(answer_ms, world->boot_wake_ms);
        if (next_ms > end_ms)
            break;
        move_clock(world, MAX(next_ms, world->now.boot_ms));
        if (answer_ms <= world->now.boot_ms)
            answer(world, asked);
        else
            world->boot_wake_ms = engine_tick(world->engine, world->now);
    }
    move_clock(world, end_ms);
}

void world_restart(struct world *world)
{
    engine_free(world->engine);
    g_ptr_array_set_size(world->rounds, 0);
    move_clock(world, world->now.boot_ms + 1000);
    start_engine(world);
}

struct tree *world_tree_new(void)
{
    static const char *const article[] = {"o=mms", "ou=charlotte,o=mms", "cn=recipients,ou=charlotte,o=mms",
                                          "cn=custom,cn=recipients,ou=charlotte,o=mms", "ou=raleigh,o=mms"};
    struct tree *tree = tree_new();

    for (unsigned i = 0; i < G_N_ELEMENTS(article); i++)
        tree_add(tree, article[i]);
    return tree;
}

struct directory_config *world_directory(struct world *world)
{
    return world->config->directories->pdata[0];
}

struct world *world_new(void)
{
    struct world *world = g_new0(struct world, 1);

    world->now = (struct now){1000000, 1790000000000};
    world->kept = store_content_new();
    world->alerts = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    world->untold = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    world->rounds = g_ptr_array_new_with_free_func((GDestroyNotify)asked_round_free);
    world->places = g_ptr_array_new_with_free_func((GDestroyNotify)place_free);
    world->config = config_new();
    world->retired = g_ptr_array_new_with_free_func((GDestroyNotify)watch_config_free);
    world->tree = world_add_directory(world, "mms");
    world_add_watch(world, "custom", "cn=custom,cn=recipients,ou=charlotte,o=mms");
    start_engine(world);
    return world;
}

void world_free(struct world *world)
{
    engine_free(world->engine);
    g_ptr_array_unref(world->rounds);
    g_ptr_array_unref(world->alerts);
    g_ptr_array_unref(world->untold);
    store_content_free(world->kept);
    g_ptr_array_unref(world->config->directories);
    g_ptr_array_unref(world->config->watches);
    g_ptr_array_unref(world->config->silences);
    g_ptr_array_unref(world->retired);
    g_ptr_array_unref(world->places);
    g_free(world->config);
    g_free(world);
}

char *world_news(struct world *world)
{
    GString *news = g_string_new(NULL);

    for (unsigned i = 0; i < world->alerts->len; i++) {
        const struct alert *alert = world->alerts->pdata[i];
        g_string_append_printf(news, "%s%s %s", news->len ? ", " : "", word_name(alert->word), alert->name);
    }
    g_ptr_array_set_size(world->alerts, 0);
    return g_string_free(news, FALSE);
}

const struct alert *world_last_alert(const struct world *world)
{
    return world->alerts->len ? world->alerts->pdata[world->alerts->len - 1] : NULL;
}

const struct watch_state *world_state(const struct world *world, const char *name)
{
    return engine_find_watch(world->engine, name);
}

void world_assert_news(struct world *world, const char *expected)
{
    g_autofree char *news = world_news(world);

    assert_string_equal(news, expected);
}

void world_assert_untold(struct world *world, const char *expected)
{
    GString *untold = g_string_new(NULL);

    for (unsigned i = 0; i < world->untold->len; i++) {
        const struct alert *entry = world->untold->pdata[i];
        const char *verdict = entry->tags[TAG_VERDICT];
        g_string_append_printf(untold, "%s%s %s%s%s", i ? ", " : "", word_name(entry->word), entry->name,
                               verdict ? " " : "", verdict ? verdict : "");
    }
    g_ptr_array_set_size(world->untold, 0);
    assert_string_equal(untold->str, expected);
    g_string_free(untold, TRUE);
}

void world_assert_last_says(const struct world *world, const char *words)
{
    assert_non_null(world_last_alert(world));
    if (!strstr(world_last_alert(world)->sentence, words))
        fail_msg("\"%s\" does not say \"%s\"", world_last_alert(world)->sentence, words);
}
