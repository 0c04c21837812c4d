#include "directory/server.h"

#include <string.h>

#include "directory/child.h"
#include "directory/clock.h"
#include "directory/feeder.h"
#include "directory/life.h"

struct server {
    struct event_base *base;
    const struct directory_config *settings;
    char *uri;
    char *program;
    const struct server_listener *listener;
    void *user;
    struct standing standing;
    /* its prober */
    enum life life;
    struct child *child; /* NULL: none, or it could not be started */
    struct event *deadline;
    enum phase phase;
    bool is_outdated; /* not to be asked again */
    int64_t started_ms;
    uint64_t n_questions;
    /* the batch */
    struct agenda *agenda; /* NULL: nobody asks */
    struct feeder *feeder;
    uint64_t batch;
    unsigned n_progress; /* frames about no question */
};

static void step(struct server *server, enum life_event event);

static void reject(struct server *server, const char *what)
{
    standing_note_failure(&server->standing, server->phase, REASON_PROTOCOL, 0,
                          g_strdup_printf("its prober sent %s", what));
    step(server, LIFE_JUNK);
}

/* --- what the prober says */

/* Each frame restarts the deadline of a search, so there must not be too many of them. */
static bool is_plausible(struct server *server, const struct wire_progress *progress)
{
    if (!life_allows(server->life, LIFE_PROGRESS))
        return false;
    if (server->life == LIFE_CONNECTING && progress->phase >= PHASE_SEARCH)
        return false;
    if (progress->has_question)
        return server->feeder && agenda_note_progress(server->agenda, progress->question);
    return ++server->n_progress <= AGENDA_MAX_PROGRESS;
}

static void on_progress_frame(struct server *server, const struct wire_progress *progress)
{
    if (!is_plausible(server, progress)) {
        reject(server, "progress about nothing that was asked, or too much of it");
        return;
    }
    server->phase = progress->phase;
    step(server, LIFE_PROGRESS);
}

/* Whether another login may help: rights are those of the time of the login, and a ticket ends. Active
 * Directory answers operationsError to who is no longer logged in. */
static bool is_of_login(const struct server *server, const struct observation *observation)
{
    enum reason reason = observation->failure.reason;

    return server->settings->bind != BIND_ANONYMOUS && observation->dn_answer == DN_FAILED &&
           (reason == REASON_ACL || reason == REASON_SERVER);
}

static void on_observation_frame(struct server *server, struct wire_frame *frame)
{
    if (!life_allows(server->life, LIFE_ANSWER) ||
        !agenda_note_answer(server->agenda, frame->observation->question)) {
        reject(server, "an answer to a question that is not open");
        return;
    }
    struct observation *observation = g_steal_pointer(&frame->observation);
    g_free(observation->server);
    observation->server = g_strdup(server->uri);
    step(server, LIFE_ANSWER);
    server->is_outdated = server->is_outdated || is_of_login(server, observation);
    server->listener->on_observation(server->user, observation);
}

static void on_ready_frame(struct server *server, const struct wire_ready *ready)
{
    standing_introduce(&server->standing, ready);
    step(server, LIFE_READY);
}

static void on_failed_frame(struct server *server, struct wire_failed *failed)
{
    const struct failure *failure = &failed->failure;

    standing_note_failure(&server->standing, failure->phase, failure->reason, failure->code,
                          g_strdup(failure->text ? failure->text : "no reason was given"));
    server->standing.is_credentials = failed->is_credentials;
    step(server, LIFE_FAILED);
}

static void on_frame(void *user, struct wire_frame *frame)
{
    struct server *server = user;

    if (frame->type == WIRE_PROGRESS)
        on_progress_frame(server, &frame->progress);
    else if (frame->type == WIRE_OBSERVATION)
        on_observation_frame(server, frame);
    else if (frame->type == WIRE_FAILED)
        on_failed_frame(server, &frame->failed);
    else if (frame->type == WIRE_READY && life_allows(server->life, LIFE_READY))
        on_ready_frame(server, &frame->ready);
    else if (frame->type == WIRE_DONE && life_allows(server->life, LIFE_DONE) &&
             frame->round == server->batch && agenda_is_batch_done(server->agenda))
        step(server, LIFE_DONE);
    else
        reject(server, "a frame out of order");
}

static void on_room(void *user)
{
    struct server *server = user;

    if (server->feeder)
        feeder_go_on(server->feeder);
}

static void on_junk(void *user)
{
    reject(user, "bytes that are no frame");
}

static void on_gone(void *user, struct process_exit how)
{
    struct server *server = user;
    char *text = how.signal ? g_strdup_printf("its prober was ended by signal %s", strsignal(how.signal))
                            : g_strdup_printf("its prober left without a word, status %d", how.status);

    standing_note_failure(&server->standing, server->phase, REASON_CRASH, how.signal, text);
    step(server, LIFE_GONE);
}

static void on_deadline(evutil_socket_t fd, short what, void *user)
{
    struct server *server = user;

    (void)fd, (void)what;
    if (!server->child) { /* it could not be started; the failure is set */
        step(server, LIFE_GONE);
        return;
    }
    standing_note_failure(
        &server->standing, server->phase, REASON_TIMEOUT, 0,
        g_strdup_printf("no answer within %.3g s", (double)server->settings->timeout_ms / 1000));
    step(server, LIFE_LATE);
}

static void on_unfit(void *user, uint32_t question)
{
    struct server *server = user;

    agenda_note_answer(server->agenda, question);
    server->listener->on_observation(
        server->user, observation_new_failed(question, server->uri, PHASE_SEARCH, REASON_LIMIT, 0,
                                             "the configured DN is too long to be asked", false));
}

/* --- what is done about it */

static void arm(struct server *server, int64_t delay_ms)
{
    struct timeval delay = {.tv_sec = delay_ms / 1000, .tv_usec = (delay_ms % 1000) * 1000};

    event_add(server->deadline, &delay);
}

static void start(struct server *server)
{
    static const struct child_listener listener = {on_frame, on_room, on_junk, on_gone};
    g_autoptr(GError) error = NULL;

    server->standing.is_asked = true;
    server->standing.n_started++;
    server->is_outdated = false;
    server->n_questions = 0;
    server->n_progress = 0;
    server->started_ms = clock_ms();
    server->phase = PHASE_START;
    server->child =
        child_start(server->base, server->program, server->settings, server->uri, &listener, server, &error);
    step(server, LIFE_STARTED);
    if (!server->child) {
        standing_note_failure(&server->standing, server->phase, REASON_CRASH, error->code,
                              g_strdup(error->message));
        arm(server, 0);
    }
}

static void send_batch(struct server *server)
{
    static const struct feeder_listener listener = {on_unfit};

    agenda_restart_batch(server->agenda);
    server->phase = PHASE_SEARCH;
    server->n_progress = 0;
    server->batch++;
    server->n_questions += agenda_batch_size(server->agenda);
    server->feeder = feeder_new(server->base, child_channel(server->child), server->agenda, server->batch,
                                &listener, server);
}

static void drop(struct server *server, int64_t grace_ms)
{
    g_clear_pointer(&server->feeder, feeder_free);
    child_release(g_steal_pointer(&server->child), grace_ms);
}

static void tell_served(struct server *server)
{
    g_clear_pointer(&server->feeder, feeder_free);
    server->agenda = NULL;
    server->listener->on_served(server->user);
}

static void tell_failed(struct server *server)
{
    struct failure failure = {0};

    failure_copy(&server->standing.failure, &failure); /* the listener may start the server anew */
    server->agenda = NULL;
    server->listener->on_failed(server->user, &failure, server->standing.is_credentials);
    failure_clear(&failure);
}

static void step(struct server *server, enum life_event event)
{
    struct life_step step = life_step(server->life, event);
    unsigned actions = step.actions;

    server->life = step.next;
    if (actions & LIFE_DISARM)
        event_del(server->deadline);
    if (actions & (LIFE_ARM_CONNECT | LIFE_ARM_SEARCH))
        arm(server, server->settings->timeout_ms + SERVER_SLACK_MS);
    if (actions & LIFE_PROVEN)
        standing_prove(&server->standing);
    if (actions & LIFE_SEND)
        send_batch(server);
    if (actions & LIFE_DROP)
        drop(server, event == LIFE_LATE || event == LIFE_JUNK ? 0 : SERVER_GRACE_MS);
    if (actions & LIFE_BACK_OFF)
        standing_back_off(&server->standing, clock_ms(), g_random_int());
    if (actions & LIFE_REPLACE)
        start(server);
    if (actions & LIFE_TELL_SERVED)
        tell_served(server);
    if (actions & LIFE_TELL_FAILED)
        tell_failed(server);
}

struct server *server_new(struct event_base *base, const struct directory_config *settings, const char *uri,
                          const char *prober, const struct server_listener *listener, void *user)
{
    struct server *server = g_new0(struct server, 1);

    server->base = base;
    server->settings = settings;
    server->uri = g_strdup(uri);
    server->program = g_strdup(prober);
    server->listener = listener;
    server->user = user;
    server->deadline = evtimer_new(base, on_deadline, server);
    return server;
}

void server_free(struct server *server)
{
    if (!server)
        return;
    drop(server, 0);
    event_free(server->deadline);
    standing_clear(&server->standing);
    g_free(server->uri);
    g_free(server->program);
    g_free(server);
}

void server_serve(struct server *server, struct agenda *agenda)
{
    server->agenda = agenda;
    if (server->life == LIFE_NONE)
        start(server);
    else
        step(server, LIFE_ASK);
}

void server_leave(struct server *server)
{
    server->agenda = NULL;
    step(server, LIFE_LEAVE);
}

void server_recycle(struct server *server)
{
    bool is_old =
        clock_ms() - server->started_ms >= SERVER_MAX_AGE_MS || server->n_questions >= SERVER_MAX_QUESTIONS;

    if (server->life == LIFE_IDLE && (is_old || server->is_outdated))
        server_leave(server);
}

void server_forgive(struct server *server)
{
    standing_forgive(&server->standing);
}

void server_reload(struct server *server, const struct directory_config *settings, bool is_changed)
{
    server->settings = settings;
    server_forgive(server);
    server->is_outdated = server->is_outdated || is_changed;
    if (!server->agenda)
        server_recycle(server);
}

bool server_has_prober(const struct server *server)
{
    return server->life != LIFE_NONE;
}

enum phase server_phase(const struct server *server)
{
    return server->phase;
}

const char *server_uri(const struct server *server)
{
    return server->uri;
}

const struct standing *server_standing(const struct server *server)
{
    return &server->standing;
}
