#include "directory/survey.h"

#include "directory/clock.h"
#include "directory/tally.h"

/* A lane that is asked. */
struct member {
    struct survey *survey;
    struct lane *lane;
    struct voice *voice;
    bool has_ended; /* it has answered all */
};

struct survey {
    const struct errand_listener *listener;
    void *user;
    struct round *round;
    struct tally *tally;
    GPtrArray *members; /* of struct member */
    int64_t ends_ms;
    struct event *turn; /* a lane has left: see what it was that held up */
    bool is_busy;       /* calling out in a loop */
    bool is_freed;      /* meanwhile */
};

static void add_turn(struct survey *survey)
{
    static const struct timeval at_once = {0};

    event_add(survey->turn, &at_once);
}

/* Calls out last. */
static void tell(struct survey *survey, struct observation *observation)
{
    if (observation->dn_answer == DN_FAILED && observation->others) {
        char *text = errand_failure_text(observation->failure.text, observation->others->len);
        g_free(observation->failure.text);
        observation->failure.text = text;
    }
    survey->listener->on_observation(survey->user, observation);
}

static bool is_over(const struct survey *survey)
{
    for (unsigned i = 0; i < survey->members->len; i++)
        if (!((const struct member *)survey->members->pdata[i])->has_ended)
            return false;
    return tally_n_open(survey->tally) == 0;
}

/* --- what the lanes tell */

static void on_observation(void *user, struct observation *observation)
{
    struct member *member = user;
    struct observation *complete = tally_hear(member->survey->tally, member->voice, observation);

    if (complete)
        tell(member->survey, complete);
}

static void on_end(void *user)
{
    struct member *member = user;
    struct survey *survey = member->survey;

    member->has_ended = true;
    if (is_over(survey))
        survey->listener->on_end(survey->user);
}

static void member_free(void *user)
{
    struct member *member = user;

    if (!member->has_ended)
        lane_cancel(member->lane);
    g_free(member);
}

static void join(struct survey *survey, struct lane *lane, unsigned rank, bool is_patient)
{
    static const struct errand_listener listener = {on_observation, on_end};
    struct member *member = g_new0(struct member, 1);
    int64_t left_ms = MAX(survey->ends_ms - clock_ms(), 1);

    *member = (struct member){.survey = survey, .lane = lane, .voice = tally_join(survey->tally, rank)};
    g_ptr_array_add(survey->members, member);
    lane_ask(lane, round_share(survey->round, left_ms), is_patient, &listener, member);
}

/* --- lanes come and go */

static void destroy(struct survey *survey)
{
    event_free(survey->turn);
    tally_free(survey->tally);
    round_free(survey->round);
    g_free(survey);
}

/* Some at a time: a directory may have 100 000 questions. */
static void on_turn(evutil_socket_t fd, short what, void *user)
{
    struct survey *survey = user;
    int64_t stop_us = g_get_monotonic_time() + ERRAND_TURN_US;
    struct observation *complete = NULL;

    (void)fd, (void)what;
    survey->is_busy = true;
    while (!survey->is_freed && g_get_monotonic_time() < stop_us && (complete = tally_next(survey->tally)))
        tell(survey, complete);
    survey->is_busy = false;
    if (survey->is_freed)
        destroy(survey);
    else if (complete)
        add_turn(survey);
    else if (is_over(survey))
        survey->listener->on_end(survey->user);
}

static bool is_member(const struct survey *survey, const struct lane *lane)
{
    for (unsigned i = 0; i < survey->members->len; i++)
        if (((const struct member *)survey->members->pdata[i])->lane == lane)
            return true;
    return false;
}

static void dismiss_gone(struct survey *survey, const struct lanes *lanes)
{
    for (unsigned i = survey->members->len; i-- > 0;) {
        struct member *member = survey->members->pdata[i];
        unsigned rank;
        if (lanes_find(lanes, member->lane, &rank)) {
            tally_rank(survey->tally, member->voice, rank);
            continue;
        }
        tally_leave(survey->tally, member->voice);
        g_ptr_array_remove_index(survey->members, i);
    }
}

/* New ones first: a question must not be told by nobody. */
void survey_follow(struct survey *survey, const struct lanes *lanes)
{
    for (unsigned i = 0; tally_n_open(survey->tally) > 0 && i < lanes_n(lanes); i++)
        if (!is_member(survey, lanes_at(lanes, i)))
            join(survey, lanes_at(lanes, i), i, false);
    dismiss_gone(survey, lanes);
    add_turn(survey);
}

/* --- the beginning and the end */

/* A server that can be asked spares us the wait for one that is in back-off; only if there is none, the one
 * that can be asked first is waited for. */
static int64_t shortest_wait_ms(const struct lanes *lanes)
{
    int64_t wait_ms = INT64_MAX;

    for (unsigned i = 0; i < lanes_n(lanes); i++)
        wait_ms = MIN(wait_ms, lane_wait_ms(lanes_at(lanes, i)));
    return wait_ms;
}

struct survey *survey_new(struct event_base *base, const struct lanes *lanes, struct round *round,
                          const struct errand_listener *listener, void *user)
{
    struct survey *survey = g_new0(struct survey, 1);
    int64_t wait_ms = shortest_wait_ms(lanes);

    round_index(round);
    survey->listener = listener;
    survey->user = user;
    survey->round = round;
    survey->tally = tally_new(round);
    survey->members = g_ptr_array_new_with_free_func(member_free);
    survey->ends_ms = clock_ms() + round->limit_ms;
    survey->turn = evtimer_new(base, on_turn, survey);
    for (unsigned i = 0; i < lanes_n(lanes); i++)
        join(survey, lanes_at(lanes, i), i, lane_wait_ms(lanes_at(lanes, i)) <= wait_ms);
    return survey;
}

const struct round *survey_round(const struct survey *survey)
{
    return survey->round;
}

void survey_free(struct survey *survey)
{
    if (!survey)
        return;
    g_clear_pointer(&survey->members, g_ptr_array_unref);
    if (survey->is_busy)
        survey->is_freed = true;
    else
        destroy(survey);
}
