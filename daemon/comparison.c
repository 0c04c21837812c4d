#include "comparison.h"

#include <event2/event.h>
#include <string.h>

#include "clocks.h"
#include "directory/directory.h"
#include "lineage.h"
#include "prober_path.h"
#include "roster.h"
#include "round.h"

struct comparison {
    struct event_base *base;
    char *prober;
    struct roster *roster;
    struct lineage *lineage;
    GPtrArray *watches;   /* of struct watch: those asked about */
    GPtrArray *inquiries; /* of struct inquiry */
    unsigned n_open;      /* inquiries that still wait for a verdict */
};

/* What one directory is asked. */
struct inquiry {
    struct comparison *comparison;
    struct directory_config *settings; /* its own, with the path of its secret found out */
    struct directory *directory;       /* NULL: it cannot be asked */
    GPtrArray *watches;                /* of struct watch: to be asked about in the next round */
    struct running_round *running;     /* NULL: between two rounds */
    uint64_t n_rounds;
    int64_t pause_ms; /* before the next round */
    struct event *next_round;
};

/* --- hearing */

/* What is found first would be pinned by the daemon; here nobody remembers it. */
static void forget_new_pin(struct watch *watch, const struct judgement *judgement)
{
    if (judgement->pin_action == PIN_NEW)
        pin_clear(&watch->state->pin);
}

static void hear(struct inquiry *inquiry, struct watch *watch, const struct observation *observation)
{
    struct watch_outcome outcome;

    watch_observe(watch, inquiry->comparison->lineage, observation, false, clocks_now(),
                  inquiry->running->batch, &outcome);
    forget_new_pin(watch, &outcome.judgement);
    if (outcome.result.needs_confirming) {
        g_ptr_array_add(inquiry->watches, watch);
        inquiry->pause_ms = MAX(inquiry->pause_ms, watch->config->confirm_interval_ms);
    }
    judgement_clear(&outcome.judgement);
}

static void on_observation(void *user, const char *directory, uint64_t round, struct observation *observation)
{
    struct inquiry *inquiry = user;
    const struct roster *roster = inquiry->comparison->roster;
    g_autoptr(observation_t) seen = observation;
    g_autoptr(asked_t) waiting = running_round_answered(inquiry->running, seen->question);

    (void)directory;
    (void)round;
    for (const struct asked *asked = waiting; asked; asked = asked->also)
        hear(inquiry, roster_find(roster, asked->watch), seen);
}

static void on_round_end(void *user, const char *directory, uint64_t round)
{
    struct inquiry *inquiry = user;
    struct comparison *comparison = inquiry->comparison;
    struct timeval pause = clocks_delay(inquiry->pause_ms);

    (void)directory;
    (void)round;
    g_clear_pointer(&inquiry->running, running_round_free);
    if (inquiry->watches->len > 0)
        event_add(inquiry->next_round, &pause);
    else if (--comparison->n_open == 0)
        event_base_loopbreak(comparison->base);
}

/* The observations of its watches tell. */
static void on_lookup_failure(void *user, const char *directory, const char *uri,
                              const struct failure *failure)
{
    (void)user;
    (void)directory;
    (void)uri;
    (void)failure;
}

/* --- asking */

/* The answer of a directory that nobody can log in to from here. */
static void answer_in_its_place(struct inquiry *inquiry, const struct round *round, const char *why)
{
    for (unsigned i = 0; i < round->questions->len; i++) {
        const struct question *question = round->questions->pdata[i];

        on_observation(inquiry, inquiry->settings->name, round->id,
                       observation_new_failed(question->id, NULL, PHASE_BIND, REASON_BIND, 0, why, true));
    }
    on_round_end(inquiry, inquiry->settings->name, round->id);
}

static int64_t round_limit_ms(const struct inquiry *inquiry)
{
    int64_t interval_ms = 0;

    for (unsigned i = 0; i < inquiry->watches->len; i++) {
        const struct watch *watch = inquiry->watches->pdata[i];
        interval_ms = MAX(interval_ms, watch->config->interval_ms);
    }
    return running_round_limit_ms(inquiry->settings, interval_ms);
}

static struct round *start_round(struct inquiry *inquiry)
{
    bool is_confirming = inquiry->n_rounds > 0;
    struct round *round;

    inquiry->running = running_round_new(++inquiry->n_rounds, inquiry->settings->name, clocks_now());
    round = running_round_ask(inquiry->running, inquiry->watches, inquiry->comparison->lineage, is_confirming,
                              round_limit_ms(inquiry));
    g_ptr_array_set_size(inquiry->watches, 0);
    inquiry->pause_ms = 0;
    return round;
}

static void on_next_round(evutil_socket_t fd, short what, void *user)
{
    struct inquiry *inquiry = user;

    (void)fd;
    (void)what;
    directory_ask(inquiry->directory, start_round(inquiry));
}

static void start_inquiry(struct inquiry *inquiry)
{
    static const struct directory_listener listener = {on_observation, on_round_end, on_lookup_failure};
    struct comparison *comparison = inquiry->comparison;
    struct round *round = start_round(inquiry);
    g_autoptr(GError) error = NULL;

    if (directory_config_find_secret(inquiry->settings, &error)) {
        inquiry->directory =
            directory_new(comparison->base, inquiry->settings, comparison->prober, &listener, inquiry);
        directory_ask(inquiry->directory, round);
    } else {
        answer_in_its_place(inquiry, round, error->message);
        round_free(round);
    }
}

/* --- made and freed */

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
    }
}

/* An edit since the daemon last read its configuration is seen by the judge; a pin of a watch that is in it
 * no more is nobody's. */
static void on_edited(void *user, struct watch *watch, const char *before)
{
    (void)user;
    (void)watch;
    (void)before;
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

static void inquiry_free(struct inquiry *inquiry)
{
    directory_free(inquiry->directory);
    running_round_free(inquiry->running);
    g_ptr_array_unref(inquiry->watches);
    event_free(inquiry->next_round);
    directory_config_free(inquiry->settings);
    g_free(inquiry);
}

static struct inquiry *find_inquiry(struct comparison *comparison, const char *directory)
{
    for (unsigned i = 0; i < comparison->inquiries->len; i++) {
        struct inquiry *inquiry = comparison->inquiries->pdata[i];
        if (strcmp(inquiry->settings->name, directory) == 0)
            return inquiry;
    }
    return NULL;
}

static struct inquiry *add_inquiry(struct comparison *comparison, const struct directory_config *settings)
{
    struct inquiry *inquiry = g_new0(struct inquiry, 1);

    inquiry->comparison = comparison;
    inquiry->settings = directory_config_dup(settings);
    inquiry->watches = g_ptr_array_new();
    inquiry->next_round = evtimer_new(comparison->base, on_next_round, inquiry);
    g_ptr_array_add(comparison->inquiries, inquiry);
    return inquiry;
}

static void add_watch(struct comparison *comparison, struct watch *watch)
{
    struct inquiry *inquiry = find_inquiry(comparison, watch->directory->name);

    if (!inquiry)
        inquiry = add_inquiry(comparison, watch->directory);
    g_ptr_array_add(inquiry->watches, watch);
    g_ptr_array_add(comparison->watches, watch);
}

struct comparison *comparison_new(struct config *config, const char *only, GPtrArray *pins, GError **error)
{
    static const struct roster_listener listener = {on_edited, on_removed, on_forgotten};
    g_autoptr(comparison_t) comparison = g_new0(struct comparison, 1);

    make_impatient(config);
    comparison->base = event_base_new();
    comparison->watches = g_ptr_array_new();
    comparison->inquiries = g_ptr_array_new_with_free_func((GDestroyNotify)inquiry_free);
    comparison->lineage =
        lineage_new(g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)ancestor_free));
    comparison->roster = roster_new(pins);
    roster_apply(comparison->roster, NULL, config, clocks_now(), &listener, NULL);
    for (unsigned i = 0; i < config->watches->len; i++) {
        const struct watch_config *watch = config->watches->pdata[i];
        if (!only || strcmp(watch->name, only) == 0)
            add_watch(comparison, roster_find(comparison->roster, watch->name));
    }
    comparison->prober = prober_path_find(error);
    return comparison->prober ? g_steal_pointer(&comparison) : NULL;
}

void comparison_free(struct comparison *comparison)
{
    if (!comparison)
        return;
    g_ptr_array_unref(comparison->inquiries);
    g_ptr_array_unref(comparison->watches);
    roster_free(comparison->roster);
    lineage_free(comparison->lineage);
    event_base_free(comparison->base);
    g_free(comparison->prober);
    g_free(comparison);
}

void comparison_run(struct comparison *comparison)
{
    comparison->n_open = comparison->inquiries->len;
    for (unsigned i = 0; i < comparison->inquiries->len; i++)
        start_inquiry(comparison->inquiries->pdata[i]);
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
