#include "interview.h"

#include "clocks.h"
#include "directory/directory.h"
#include "roster.h"
#include "round.h"

struct interview {
    struct interviewer interviewer;
    struct directory_config *settings; /* with the path of the secret found out */
    struct directory *directory;       /* NULL: it cannot be asked */
    GPtrArray *watches;                /* of struct watch: to be asked about in the next round */
    struct running_round *running;     /* NULL: between two rounds */
    uint64_t n_rounds;
    int64_t pause_ms; /* before the next round */
    struct event *next_round;
};

/* --- hearing */

static void ask_again(struct interview *interview, struct watch *watch)
{
    interview_add(interview, watch);
    interview->pause_ms = MAX(interview->pause_ms, watch->config->confirm_interval_ms);
}

static void on_observation(void *user, const char *directory, uint64_t round, struct observation *observation)
{
    struct interview *interview = user;
    const struct interviewer *interviewer = &interview->interviewer;
    g_autoptr(observation_t) seen = observation;
    g_autoptr(asked_t) waiting = running_round_answered(interview->running, seen->question);

    (void)directory;
    (void)round;
    for (const struct asked *asked = waiting; asked; asked = asked->also) {
        struct watch *watch = roster_find(interviewer->roster, asked->watch);
        if (interviewer->on_answer(interviewer->user, watch, seen))
            ask_again(interview, watch);
    }
}

static void on_round_end(void *user, const char *directory, uint64_t round)
{
    struct interview *interview = user;
    struct timeval pause = clocks_delay(interview->pause_ms);

    (void)directory;
    (void)round;
    g_clear_pointer(&interview->running, running_round_free);
    if (interview->watches->len > 0)
        event_add(interview->next_round, &pause);
    else
        interview->interviewer.on_end(interview->interviewer.user);
}

/* --- asking */

static int64_t round_limit_ms(const struct interview *interview)
{
    int64_t interval_ms = 0;

    for (unsigned i = 0; i < interview->watches->len; i++) {
        const struct watch *watch = interview->watches->pdata[i];
        interval_ms = MAX(interval_ms, watch->config->interval_ms);
    }
    return running_round_limit_ms(interview->settings, interval_ms);
}

static struct round *start_round(struct interview *interview)
{
    bool is_confirming = interview->n_rounds > 0;
    struct round *round;

    interview->running = running_round_new(++interview->n_rounds, interview->settings->name, clocks_now());
    round = running_round_ask(interview->running, interview->watches, interview->interviewer.lineage,
                              is_confirming, round_limit_ms(interview));
    g_ptr_array_set_size(interview->watches, 0);
    interview->pause_ms = 0;
    return round;
}

static void on_next_round(evutil_socket_t fd, short what, void *user)
{
    struct interview *interview = user;

    (void)fd;
    (void)what;
    directory_ask(interview->directory, start_round(interview));
}

/* The answer of a directory that nobody can log in to from here. */
static void answer_in_its_place(struct interview *interview, const struct round *round, const char *why)
{
    const char *name = interview->settings->name;

    for (unsigned i = 0; i < round->questions->len; i++) {
        const struct question *question = round->questions->pdata[i];
        on_observation(interview, name, round->id,
                       observation_new_failed(question->id, NULL, PHASE_BIND, REASON_BIND, 0, why, true));
    }
    on_round_end(interview, name, round->id);
}

struct interview *interview_new(const struct interviewer *interviewer,
                                const struct directory_config *settings)
{
    struct interview *interview = g_new0(struct interview, 1);

    interview->interviewer = *interviewer;
    interview->settings = directory_config_dup(settings);
    interview->watches = g_ptr_array_new();
    interview->next_round = evtimer_new(interviewer->base, on_next_round, interview);
    return interview;
}

void interview_free(struct interview *interview)
{
    if (!interview)
        return;
    directory_free(interview->directory);
    running_round_free(interview->running);
    g_ptr_array_unref(interview->watches);
    event_free(interview->next_round);
    directory_config_free(interview->settings);
    g_free(interview);
}

const char *interview_directory(const struct interview *interview)
{
    return interview->settings->name;
}

void interview_add(struct interview *interview, struct watch *watch)
{
    g_ptr_array_add(interview->watches, watch);
}

void interview_start(struct interview *interview)
{
    static const struct directory_listener listener = {on_observation, on_round_end, NULL};
    const struct interviewer *interviewer = &interview->interviewer;
    struct round *round = start_round(interview);
    g_autoptr(GError) error = NULL;

    if (directory_config_find_secret(interview->settings, &error)) {
        interview->directory =
            directory_new(interviewer->base, interview->settings, interviewer->prober, &listener, interview);
        directory_ask(interview->directory, round);
    } else {
        answer_in_its_place(interview, round, error->message);
        round_free(round);
    }
}
