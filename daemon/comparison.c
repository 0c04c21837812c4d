#include "comparison.h"

#include <event2/event.h>
#include <string.h>

#include "clocks.h"
#include "interview.h"
#include "program_path.h"
#include "readout.h"
#include "roster.h"

struct comparison {
    struct event_base *base;
    char *prober;
    struct config *config; /* in force: with what the consumers tell now */
    struct roster *roster;
    struct lineage *lineage;
    struct store_batch *unkept; /* what the daemon would keep */
    GPtrArray *watches;         /* of struct watch: those asked about */
    GPtrArray *interviews;      /* of struct interview: one a directory */
    unsigned n_open;            /* interviews that have not ended */
};

/* --- hearing */

/* What is found first would be pinned by the daemon; here nobody remembers it. */
static void forget_new_pin(struct watch *watch, const struct judgement *judgement)
{
    if (judgement->pin_action == PIN_NEW)
        pin_clear(&watch->state->pin);
}

static bool on_answer(void *user, struct watch *watch, const struct observation *observation)
{
    struct comparison *comparison = user;
    struct watch_outcome outcome;

    watch_observe(watch, comparison->lineage, observation, false, clocks_now(), comparison->unkept, &outcome);
    forget_new_pin(watch, &outcome.judgement);
    watch_outcome_clear(&outcome);
    return outcome.result.needs_confirming;
}

static void on_end(void *user)
{
    struct comparison *comparison = user;

    if (--comparison->n_open == 0)
        event_base_loopbreak(comparison->base);
}

/* --- which watches there are */

/* There is no later: nothing is given time to come right by itself but by the confirming look. */
static void make_impatient(struct config *config)
{
    for (unsigned i = 0; i < config->directories->len; i++) {
        struct directory_config *directory = config->directories->pdata[i];
        directory->split_after_ms = 0;
    }
    for (unsigned i = 0; i < config->watches->len; i++) {
        struct watch_config *watch = config->watches->pdata[i];
        watch->confirm = MIN(watch->confirm, COMPARISON_MAX_LOOKS);
        watch->confirm_unverifiable = 1;
        watch->confirm_interval_ms = MIN(watch->confirm_interval_ms, COMPARISON_MAX_PAUSE_MS);
        watch->interval_ms = MIN(watch->interval_ms, COMPARISON_MAX_ROUND_MS);
        if (watch->untold.text)
            watch->confirm = 1; /* its source is read once */
    }
}

/* What changed since the daemon pinned its watches is for the judge to see; there is nobody to tell. */
static void on_edited(void *user, struct watch *watch, const char *before)
{
    (void)user;
    (void)watch;
    (void)before;
}

static void on_renamed(void *user, const char *before, struct watch *watch)
{
    (void)user;
    (void)before;
    (void)watch;
}

static void on_removed(void *user, struct watch *watch)
{
    (void)user;
    (void)watch;
}

static void on_forgotten(void *user, const char *name)
{
    (void)user;
    (void)name;
}

static struct interview *find_interview(const struct comparison *comparison, const char *directory)
{
    for (unsigned i = 0; i < comparison->interviews->len; i++) {
        struct interview *interview = comparison->interviews->pdata[i];
        if (strcmp(interview_directory(interview), directory) == 0)
            return interview;
    }
    return NULL;
}

static void ask_about(struct comparison *comparison, struct watch *watch)
{
    struct interviewer interviewer = {comparison->base,
                                      comparison->prober,
                                      comparison->roster,
                                      comparison->lineage,
                                      comparison,
                                      on_answer,
                                      on_end};
    struct interview *interview = find_interview(comparison, watch->directory->name);

    if (!interview) {
        interview = interview_new(&interviewer, watch->directory);
        g_ptr_array_add(comparison->interviews, interview);
    }
    interview_add(interview, watch);
}

/* That the consumer does not tell its DN is an observation as well, though none of the directory. */
static void add_watch(struct comparison *comparison, struct watch *watch)
{
    g_autoptr(observation_t) untold =
        watch->config->untold.text ? observation_new_untold(&watch->config->untold) : NULL;

    g_ptr_array_add(comparison->watches, watch);
    if (untold)
        on_answer(comparison, watch, untold);
    else
        ask_about(comparison, watch);
}

static bool is_meant(const struct watch_config *watch, const char *only)
{
    return !only || strcmp(watch->name, only) == 0 || g_strcmp0(watch->family, only) == 0;
}

static bool add_watches(struct comparison *comparison, const char *only, GError **error)
{
    const GPtrArray *watches = comparison->config->watches;

    for (unsigned i = 0; i < watches->len; i++) {
        const struct watch_config *watch = watches->pdata[i];
        if (is_meant(watch, only))
            add_watch(comparison, roster_find(comparison->roster, watch->name));
    }
    if (comparison->watches->len == 0 && only)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no watch `%s' in %s", only,
                    comparison->config->file);
    else if (comparison->watches->len == 0)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no watch in %s",
                    comparison->config->file);
    return comparison->watches->len > 0;
}

static struct roster *make_roster(const struct config *config, GPtrArray *pins)
{
    static const struct roster_listener listener = {on_edited, on_renamed, on_removed, on_forgotten};
    struct roster *roster = roster_new(pins);

    roster_apply(roster, NULL, config, clocks_now(), &listener, NULL);
    return roster;
}

/* --- the whole of it */

struct comparison *comparison_new(struct config *config, const char *only, GPtrArray *pins, GError **error)
{
    g_autoptr(GPtrArray) known = pins;
    g_autofree char *prober = program_path_find("dndrift-prober", error);
    g_autoptr(comparison_t) comparison = prober ? g_new0(struct comparison, 1) : NULL;

    if (!comparison)
        return NULL;
    comparison->prober = g_steal_pointer(&prober);
    comparison->base = event_base_new();
    comparison->config = readout_of(comparison->base, comparison->prober, config, only);
    make_impatient(comparison->config);
    comparison->roster = make_roster(comparison->config, g_steal_pointer(&known));
    comparison->lineage =
        lineage_new(g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)ancestor_free));
    comparison->unkept = store_batch_new();
    comparison->watches = g_ptr_array_new();
    comparison->interviews = g_ptr_array_new_with_free_func((GDestroyNotify)interview_free);
    return add_watches(comparison, only, error) ? g_steal_pointer(&comparison) : NULL;
}

void comparison_free(struct comparison *comparison)
{
    if (!comparison)
        return;
    g_ptr_array_unref(comparison->interviews);
    g_ptr_array_unref(comparison->watches);
    store_batch_free(comparison->unkept);
    lineage_free(comparison->lineage);
    roster_free(comparison->roster);
    config_free(comparison->config);
    g_free(comparison->prober);
    event_base_free(comparison->base);
    g_free(comparison);
}

void comparison_run(struct comparison *comparison)
{
    comparison->n_open = comparison->interviews->len;
    for (unsigned i = 0; i < comparison->interviews->len; i++)
        interview_start(comparison->interviews->pdata[i]);
    if (comparison->n_open > 0)
        event_base_dispatch(comparison->base);
}

unsigned comparison_n(const struct comparison *comparison)
{
    return comparison->watches->len;
}

const struct watch_state *comparison_at(const struct comparison *comparison, unsigned index)
{
    const struct watch *watch = comparison->watches->pdata[index];

    return watch->state;
}
