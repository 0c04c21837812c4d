#include "directory/canvass.h"

#include <string.h>

#include "directory/child.h"
#include "directory/clock.h"
#include "directory/discovery.h"

#define SLACK_MS     250   /* a prober holds the same time-outs, and knows better what it waited for */
#define MAX_PROGRESS 10000 /* of one server: no honest search takes as many */
#define GRACE_MS     1000  /* for one that has told all to say good-bye to the server */

/* One canvass on its way. */
struct round_trip {
    struct canvass *canvass;
    const char *prober;
    const struct directory_config *settings;
    const struct wire_wanted *wanted;
    struct event_base *base;
    struct discovery *discovery;
    char **servers; /* NULL: not known yet */
    unsigned n_tried;
    /* the server that is asked */
    struct child *child; /* NULL: none, or it could not be started */
    struct event *deadline;
    enum phase phase;
    unsigned n_progress;
    bool is_ready;   /* connected, and asked */
    bool is_done;    /* it has told all */
    int64_t ends_ms; /* of all its searches */
};

static void failure_free(struct canvass_failure *failure)
{
    g_free(failure->server);
    failure_clear(&failure->failure);
    g_free(failure);
}

static void add_failure(struct canvass *canvass, const char *server, const struct failure *failure)
{
    struct canvass_failure *kept = g_new0(struct canvass_failure, 1);

    kept->server = g_strdup(server);
    failure_copy(failure, &kept->failure);
    g_ptr_array_add(canvass->failures, kept);
}

static const char *server_asked(const struct round_trip *trip)
{
    return trip->servers[trip->n_tried - 1];
}

static void arm(struct round_trip *trip, int64_t delay_ms)
{
    struct timeval delay = {.tv_sec = delay_ms / 1000, .tv_usec = (delay_ms % 1000) * 1000};

    event_add(trip->deadline, &delay);
}

/* Each progress starts the time of one search anew, but not the time of all. */
static void arm_search(struct round_trip *trip)
{
    int64_t left_ms = MAX(trip->ends_ms - clock_ms(), 0);

    arm(trip, MIN(trip->settings->timeout_ms, left_ms) + SLACK_MS);
}

/* --- one server after the other */

static void forget_answer(struct canvass *canvass)
{
    g_ptr_array_set_size(canvass->candidates, 0);
    g_clear_pointer(&canvass->kind, g_free);
}

static void end(struct round_trip *trip)
{
    event_del(trip->deadline);
    event_base_loopbreak(trip->base);
}

static void ask_next(struct round_trip *trip);

/* Takes the text. */
static void fail(struct round_trip *trip, enum reason reason, int code, char *text, bool is_last)
{
    const struct failure failure = {trip->phase, reason, code, text};

    add_failure(trip->canvass, server_asked(trip), &failure);
    g_free(text);
    child_release(g_steal_pointer(&trip->child), 0);
    forget_answer(trip->canvass);
    if (is_last)
        end(trip);
    else
        ask_next(trip);
}

static void reject(struct round_trip *trip, const char *what)
{
    fail(trip, REASON_PROTOCOL, 0, g_strdup_printf("its prober sent %s", what), false);
}

/* --- what the prober says */

static void ask(struct round_trip *trip, struct wire_ready *ready)
{
    g_autoptr(GByteArray) frames = g_byte_array_new();

    trip->is_ready = true;
    trip->canvass->kind = g_steal_pointer(&ready->kind);
    trip->ends_ms = clock_ms() + trip->wanted->budget_ms + trip->settings->timeout_ms;
    trip->phase = PHASE_SEARCH;
    if (!wire_put_obtain(frames, trip->wanted)) {
        fail(trip, REASON_LIMIT, 0, g_strdup("what is looked for is too long to be asked"), true);
        return;
    }
    channel_send(child_channel(trip->child), frames);
    arm_search(trip);
}

static void note_phase(struct round_trip *trip, enum phase phase)
{
    if (phase != PHASE_NONE)
        trip->phase = phase;
}

/* Questions are not asked at all, and nothing is searched before it is looked for. */
static bool is_plausible(struct round_trip *trip, const struct wire_progress *progress)
{
    return !progress->has_question && (trip->is_ready || progress->phase < PHASE_SEARCH) &&
           ++trip->n_progress <= MAX_PROGRESS;
}

static void take_progress(struct round_trip *trip, const struct wire_progress *progress)
{
    if (!is_plausible(trip, progress)) {
        reject(trip, "progress about nothing that was asked, or too much of it");
        return;
    }
    note_phase(trip, progress->phase);
    if (trip->is_ready)
        arm_search(trip);
}

static void take_candidate(struct round_trip *trip, struct wire_candidate *candidate)
{
    g_ptr_array_add(trip->canvass->candidates, candidate);
    if (trip->canvass->candidates->len > trip->wanted->max_candidates)
        reject(trip, "more candidates than it was asked for");
}

/* It leaves by itself now. */
static void take_end(struct round_trip *trip, struct wire_obtained *obtained)
{
    trip->canvass->obtained = *obtained;
    *obtained = (struct wire_obtained){0};
    trip->canvass->server = g_strdup(server_asked(trip));
    trip->is_done = true;
    arm(trip, GRACE_MS);
}

static void on_frame(void *user, struct wire_frame *frame)
{
    struct round_trip *trip = user;
    const struct failure *failure = &frame->failed.failure;

    if (trip->is_done)
        return; /* good-bye */
    if (frame->type == WIRE_PROGRESS) {
        take_progress(trip, &frame->progress);
    } else if (frame->type == WIRE_READY && !trip->is_ready) {
        ask(trip, &frame->ready);
    } else if (frame->type == WIRE_CANDIDATE && trip->is_ready) {
        take_candidate(trip, g_steal_pointer(&frame->candidate));
    } else if (frame->type == WIRE_OBTAINED && trip->is_ready) {
        take_end(trip, &frame->obtained);
    } else if (frame->type == WIRE_FAILED) {
        note_phase(trip, failure->phase);
        fail(trip, failure->reason, failure->code,
             g_strdup(failure->text ? failure->text : "no reason was given"), frame->failed.is_credentials);
    } else {
        reject(trip, "a frame out of order");
    }
}

static void on_room(void *user)
{
    (void)user; /* there is nothing more to say */
}

static void on_junk(void *user)
{
    struct round_trip *trip = user;

    if (trip->is_done)
        end(trip);
    else
        reject(trip, "bytes that are no frame");
}

static void on_gone(void *user, struct process_exit how)
{
    struct round_trip *trip = user;

    if (trip->is_done)
        end(trip);
    else
        fail(trip, REASON_CRASH, how.signal,
             how.signal ? g_strdup_printf("its prober was ended by signal %s", strsignal(how.signal))
                        : g_strdup_printf("its prober left without a word, status %d", how.status),
             false);
}

static void on_deadline(evutil_socket_t fd, short what, void *user)
{
    struct round_trip *trip = user;

    (void)fd, (void)what;
    if (trip->is_done)
        end(trip);
    else
        fail(trip, REASON_TIMEOUT, 0,
             g_strdup_printf("no answer within %.3g s", (double)trip->settings->timeout_ms / 1000), false);
}

/* --- how it begins */

static void ask_next(struct round_trip *trip)
{
    static const struct child_listener listener = {on_frame, on_room, on_junk, on_gone};
    g_autoptr(GError) error = NULL;

    if (!trip->servers[trip->n_tried]) {
        end(trip);
        return;
    }
    trip->n_tried++;
    trip->phase = PHASE_START;
    trip->is_ready = false;
    trip->n_progress = 0;
    trip->child =
        child_start(trip->base, trip->prober, trip->settings, server_asked(trip), &listener, trip, &error);
    if (trip->child)
        arm(trip, trip->settings->timeout_ms + SLACK_MS);
    else
        fail(trip, REASON_CRASH, error->code, g_strdup(error->message), true);
}

static void begin(struct round_trip *trip)
{
    const struct locator *failed = discovery_first_failed(trip->discovery);

    if (failed)
        add_failure(trip->canvass, locator_uri(failed), locator_failure(failed));
    trip->servers = discovery_servers(trip->discovery);
    ask_next(trip);
}

static void on_lookup(void *user, const char *uri, const struct failure *failure)
{
    struct round_trip *trip = user;

    (void)uri, (void)failure;
    if (!trip->servers && discovery_is_settled(trip->discovery))
        begin(trip);
}

bool canvass_run(struct canvass *canvass, const char *prober, const struct directory_config *settings,
                 const struct wire_wanted *wanted)
{
    static const struct discovery_listener listener = {on_lookup};
    struct round_trip trip = {.canvass = canvass, .prober = prober, .settings = settings, .wanted = wanted};

    *canvass = (struct canvass){0};
    canvass->candidates = g_ptr_array_new_with_free_func((GDestroyNotify)wire_candidate_free);
    canvass->failures = g_ptr_array_new_with_free_func((GDestroyNotify)failure_free);
    trip.base = event_base_new();
    trip.deadline = evtimer_new(trip.base, on_deadline, &trip);
    trip.discovery = discovery_new(trip.base, settings, prober, &listener, &trip);
    if (discovery_is_settled(trip.discovery))
        begin(&trip);
    if (trip.child || !trip.servers)
        event_base_dispatch(trip.base);
    child_release(trip.child, 0);
    discovery_free(trip.discovery);
    event_free(trip.deadline);
    event_base_free(trip.base);
    g_strfreev(trip.servers);
    return canvass->server != NULL;
}

void canvass_clear(struct canvass *canvass)
{
    forget_answer(canvass);
    g_clear_pointer(&canvass->candidates, g_ptr_array_unref);
    g_clear_pointer(&canvass->failures, g_ptr_array_unref);
    g_clear_pointer(&canvass->server, g_free);
    wire_obtained_clear(&canvass->obtained);
}
