#include "directory/errand.h"

#include "directory/clock.h"
#include "directory/turn.h"

struct errand {
    const struct errand_means *means;
    const struct errand_listener *listener;
    void *user;
    struct agenda *agenda;
    struct server *server;  /* that is asked; NULL: none at the moment */
    bool has_answers;       /* some question of the round had its observation */
    bool has_progress;      /* a server answered since the last back-off that was waited for */
    unsigned n_failed;      /* servers in this pass */
    struct failure failure; /* of the first of them: what the open questions get if nothing helps */
    char *failed_server;
    bool is_waiting_for_servers; /* that DNS may name */
    bool has_looked_up;          /* DNS was asked in this round, or just before */
    bool is_patient;
    bool is_giving_up;
    int64_t polite_until_ms; /* a lane whose server refused us lets others go first */
    int64_t ends_ms;
    struct event *turn;  /* the next step, perhaps after a back-off */
    struct event *limit; /* the round's time is over */
    bool is_busy;        /* calling out in a loop */
    bool is_freed;       /* meanwhile */
};

static void add_timer(struct event *timer, int64_t delay_ms)
{
    delay_ms = MAX(delay_ms, 0);
    struct timeval delay = {.tv_sec = delay_ms / 1000, .tv_usec = (delay_ms % 1000) * 1000};

    event_add(timer, &delay);
}

/* --- giving up: what is open gets a failed observation of our own */

static void note_failure(struct errand *errand, const char *server, const struct failure *failure)
{
    if (errand->n_failed++)
        return;
    failure_copy(failure, &errand->failure);
    g_free(errand->failed_server);
    errand->failed_server = g_strdup(server);
}

static void give_up(struct errand *errand)
{
    errand->is_giving_up = true;
    event_del(errand->limit);
    add_timer(errand->turn, 0);
}

static const struct failure out_of_time = {
    .phase = PHASE_START, .reason = REASON_TIMEOUT, .text = (char *)"the time of this round is over"};

/* No server is known. */
static void note_lookup_failure(struct errand *errand)
{
    const struct locator *first = discovery_first_failed(errand->means->discovery);
    struct failure late = out_of_time;

    late.phase = PHASE_DNS;
    if (first)
        note_failure(errand, locator_uri(first), locator_failure(first));
    else
        note_failure(errand, errand->means->settings->uris[0], &late);
}

/* With the failure of this pass, else with what is known from before. */
static void give_up_as_first_failed(struct errand *errand)
{
    const struct fleet *fleet = errand->means->fleet;
    const struct server *first = fleet_first_failed(fleet);

    if (errand->n_failed == 0 && first)
        note_failure(errand, server_uri(first), &server_standing(first)->failure);
    else if (errand->n_failed == 0 && fleet_n_servers(fleet) == 0)
        note_lookup_failure(errand);
    else if (errand->n_failed == 0)
        note_failure(errand, server_uri(fleet_server(fleet, 0)), &out_of_time);
    give_up(errand);
}

char *errand_failure_text(const char *text, unsigned n_more)
{
    return n_more ? g_strdup_printf("%s; %u more of the servers failed too", text, n_more) : g_strdup(text);
}

static struct observation *failed_observation(const struct errand *errand, uint32_t question)
{
    const struct failure *failure = &errand->failure;
    g_autofree char *text = errand_failure_text(failure->text, errand->n_failed ? errand->n_failed - 1 : 0);

    return observation_new_failed(question, errand->failed_server, failure->phase, failure->reason,
                                  failure->code, text, true);
}

static void destroy(struct errand *errand)
{
    credentials_end_login(errand->means->credentials, errand);
    event_free(errand->turn);
    event_free(errand->limit);
    failure_clear(&errand->failure);
    g_free(errand->failed_server);
    agenda_free(errand->agenda);
    g_free(errand);
}

/* Some at a time: a directory may have 100 000 questions. */
static void tell_open_ones(struct errand *errand)
{
    int64_t stop_us = g_get_monotonic_time() + ERRAND_TURN_US;
    const struct question *question;

    errand->is_busy = true;
    while (!errand->is_freed && g_get_monotonic_time() < stop_us &&
           (question = agenda_take_open(errand->agenda)))
        errand->listener->on_observation(errand->user, failed_observation(errand, question->id));
    errand->is_busy = false;
    if (errand->is_freed)
        destroy(errand);
    else if (agenda_n_open(errand->agenda) == 0)
        errand->listener->on_end(errand->user);
    else
        add_timer(errand->turn, 0);
}

/* --- going on: the next server, or a wait, or the end */

static void ask_server(struct errand *errand, struct server *server)
{
    errand->server = server;
    agenda_select(errand->agenda, errand->means->suspects);
    server_serve(server, errand->agenda);
}

/* While servers answer, the round is worth every second it has left; before, a wait makes sense only if a
 * whole try fits behind it. A wait that led to nothing is the last: other rounds of the directory stand
 * behind this one. */
static bool wait_for_backoff(struct errand *errand)
{
    int64_t now_ms = clock_ms();
    int64_t until_ms = fleet_soonest_ms(errand->means->fleet);
    int64_t needed_ms = errand->has_progress ? 1 : errand->means->settings->timeout_ms;

    if (until_ms > errand->ends_ms - needed_ms || !(errand->has_progress || errand->is_patient))
        return false;
    fleet_start_pass(errand->means->fleet);
    errand->n_failed = 0;
    errand->has_progress = false;
    add_timer(errand->turn, until_ms - now_ms);
    return true;
}

/* The first answer of DNS may put other servers before those known. */
static bool waits_for_first_lookup(struct errand *errand)
{
    errand->is_waiting_for_servers = !discovery_is_settled(errand->means->discovery);
    return errand->is_waiting_for_servers;
}

/* Where none of the servers known is of use, DNS may name others by now: asked once a round. Where none is
 * known at all, the wait may be for a back-off if a whole try fits behind it. */
static bool waits_for_lookup(struct errand *errand)
{
    struct discovery *discovery = errand->means->discovery;
    int64_t latest_ms = errand->ends_ms - errand->means->settings->timeout_ms;

    errand->is_waiting_for_servers =
        !errand->has_looked_up && !errand->means->is_fixed &&
        (discovery_hurry(discovery) ||
         (fleet_n_servers(errand->means->fleet) == 0 && discovery_next_ms(discovery) <= latest_ms));
    return errand->is_waiting_for_servers;
}

void errand_on_lookup(struct errand *errand)
{
    if (!errand->is_waiting_for_servers)
        return;
    errand->is_waiting_for_servers = false;
    errand->has_looked_up = !discovery_is_looking(errand->means->discovery);
    add_timer(errand->turn, 0);
}

/* For a quarter of the round's own time at most. */
static bool yields(struct errand *errand)
{
    int64_t left_ms = errand->ends_ms - clock_ms();

    if (fleet_is_next_connected(errand->means->fleet, clock_ms()) ||
        left_ms < agenda_round(errand->agenda)->limit_ms * 3 / 4 || !turn_is_crowded(errand->means->base))
        return false;
    add_timer(errand->turn, g_random_int_range(1, TURN_YIELD_MS));
    return true;
}

/* Whether the server that is asked next has to be logged in to. */
static bool logs_in(const struct errand *errand)
{
    const struct fleet *fleet = errand->means->fleet;

    return errand->means->settings->bind != BIND_ANONYMOUS && fleet_has_next(fleet, clock_ms()) &&
           !fleet_is_next_connected(fleet, clock_ms());
}

/* A wrong password is wrong at every server: the first one is to tell, and one that is known to refuse it the
 * last. */
static bool waits_for_login(struct errand *errand)
{
    const char *secret_file = directory_config_secret(errand->means->settings);

    if (!logs_in(errand))
        return false;
    bool is_polite = errand->means->is_fixed && clock_ms() < errand->polite_until_ms &&
                     fleet_has_next_refused(errand->means->fleet, clock_ms());
    if (!is_polite && credentials_begin_login(errand->means->credentials, errand, secret_file, clock_ms()))
        return false;
    add_timer(errand->turn, ERRAND_LOGIN_MS);
    return true;
}

static void go_on(struct errand *errand)
{
    const struct credentials *credentials = errand->means->credentials;

    if (agenda_n_open(errand->agenda) == 0) {
        errand->listener->on_end(errand->user);
        return;
    }
    if (credentials_are_barred(credentials, clock_ms()) &&
        !fleet_is_next_connected(errand->means->fleet, clock_ms())) {
        errand->n_failed = 0;
        note_failure(errand, credentials->server, &credentials->failure);
        give_up(errand);
        return;
    }
    if (yields(errand) || waits_for_first_lookup(errand) || waits_for_login(errand))
        return;
    struct server *server = fleet_next(errand->means->fleet, clock_ms());
    if (server)
        ask_server(errand, server);
    else if (waits_for_lookup(errand))
        return;
    else if ((errand->n_failed > 0 && !errand->has_progress) || !wait_for_backoff(errand))
        give_up_as_first_failed(errand);
}

static void on_turn(evutil_socket_t fd, short what, void *user)
{
    struct errand *errand = user;

    (void)fd, (void)what;
    if (errand->is_giving_up)
        tell_open_ones(errand);
    else
        go_on(errand);
}

/* --- what the server that is asked tells */

/* Who answers is no suspect. */
static void acquit(struct errand *errand, const struct observation *observation)
{
    if (observation->dn_answer != DN_FAILED && !suspects_is_empty(errand->means->suspects))
        suspects_clear(errand->means->suspects, agenda_question(errand->agenda, observation->question)->dn);
}

void errand_on_observation(struct errand *errand, struct observation *observation)
{
    errand->has_answers = errand->has_progress = true;
    if (credentials_end_login(errand->means->credentials, errand))
        credentials_accept(errand->means->credentials, server_uri(errand->server));
    acquit(errand, observation);
    errand->listener->on_observation(errand->user, observation);
}

void errand_on_served(struct errand *errand)
{
    if (agenda_select(errand->agenda, errand->means->suspects)) {
        server_serve(errand->server, errand->agenda);
        return;
    }
    fleet_leave_after(errand->means->fleet, errand->server);
    server_recycle(errand->server);
    errand->server = NULL;
    errand->listener->on_end(errand->user);
}

/* The question that a prober was at when it ended gets the failure as its own. Calls out last. */
static void tell_running(struct errand *errand, const char *server, const struct failure *failure)
{
    const struct question *running = agenda_running(errand->agenda);
    uint32_t id = running->id;

    agenda_take(errand->agenda, id);
    errand->has_answers = true;
    errand->listener->on_observation(errand->user,
                                     observation_new_failed(id, server, failure->phase, failure->reason,
                                                            failure->code, failure->text, false));
}

/* Before the first answer of the round another server may do better, even with the question that this one
 * stopped at. */
static bool is_to_blame(const struct errand *errand)
{
    return agenda_has_begun(errand->agenda) && agenda_running(errand->agenda) &&
           (errand->has_answers || !fleet_has_next(errand->means->fleet, clock_ms()));
}

void errand_on_failed(struct errand *errand, const struct failure *failure, bool is_credentials)
{
    const char *server = server_uri(g_steal_pointer(&errand->server));
    bool has_culprit = is_to_blame(errand);

    note_failure(errand, server, failure);
    credentials_end_login(errand->means->credentials, errand);
    if (is_credentials)
        credentials_refuse(errand->means->credentials, server, failure, clock_ms(), g_random_int());
    if (errand->has_progress) {
        fleet_start_pass(errand->means->fleet);
        errand->n_failed = 0;
    }
    add_timer(errand->turn, 0);
    if (has_culprit) {
        suspects_accuse(errand->means->suspects, agenda_running(errand->agenda)->dn);
        tell_running(errand, server, failure);
    }
}

static void on_limit(evutil_socket_t fd, short what, void *user)
{
    struct errand *errand = user;
    struct server *server = g_steal_pointer(&errand->server);

    (void)fd, (void)what;
    errand->is_waiting_for_servers = false;
    if (!server) {
        give_up_as_first_failed(errand);
        return;
    }
    struct failure late = out_of_time;
    late.phase = server_phase(server);
    server_leave(server);
    errand->n_failed = 0;
    note_failure(errand, server_uri(server), &late);
    give_up(errand);
    if (agenda_has_begun(errand->agenda) && agenda_running(errand->agenda))
        tell_running(errand, server_uri(server), &late);
}

static int64_t first_delay_ms(const struct errand_means *means, const struct round *round)
{
    if (!fleet_has_next(means->fleet, clock_ms()) || fleet_is_next_connected(means->fleet, clock_ms()))
        return 0;
    return g_random_int_range(0, (gint32)CLAMP(round->limit_ms / 10, 1, TURN_SPREAD_MS));
}

struct errand *errand_new(const struct errand_means *means, struct round *round, bool is_patient,
                          const struct errand_listener *listener, void *user)
{
    struct errand *errand = g_new0(struct errand, 1);

    errand->means = means;
    errand->listener = listener;
    errand->user = user;
    errand->is_patient = is_patient;
    errand->agenda = agenda_new(round);
    errand->turn = evtimer_new(means->base, on_turn, errand);
    errand->limit = evtimer_new(means->base, on_limit, errand);
    errand->ends_ms = clock_ms() + round->limit_ms;
    errand->polite_until_ms = clock_ms() + MIN(CREDENTIALS_LOGIN_MS, round->limit_ms / 4);
    fleet_start_pass(means->fleet);
    if (round->is_fresh)
        fleet_leave_all(means->fleet);
    add_timer(errand->limit, round->limit_ms);
    add_timer(errand->turn, first_delay_ms(means, round));
    return errand;
}

const struct round *errand_round(const struct errand *errand)
{
    return agenda_round(errand->agenda);
}

struct server *errand_server(const struct errand *errand)
{
    return errand->server;
}

void errand_forget_server(struct errand *errand)
{
    errand->server = NULL;
    add_timer(errand->turn, 0);
}

void errand_free(struct errand *errand)
{
    if (!errand)
        return;
    if (errand->server)
        server_leave(g_steal_pointer(&errand->server));
    if (errand->is_busy)
        errand->is_freed = true;
    else
        destroy(errand);
}
