#include "directory/locator.h"

#include <string.h>

#include "directory/backoff.h"
#include "directory/child.h"
#include "directory/clock.h"
#include "directory/srv.h"
#include "directory/turn.h"

#define SLACK_MS     250 /* a prober knows better what it waited for */
#define GRACE_MS     1000
#define MAX_PROGRESS 16
#define MAX_YIELDS   50

struct locator {
    struct locator_means means;
    char *program;
    char *uri;
    const struct locator_listener *listener;
    void *user;
    GRand *random;
    /* the look-up */
    bool is_looking;
    bool is_hurried;
    struct child *child; /* NULL: none, or it could not be started */
    struct event *deadline;
    unsigned n_progress;
    /* between look-ups */
    struct event *turn;
    unsigned n_yields;
    int64_t next_ms;
    struct backoff backoff;
    bool is_settled;
    struct failure failure;
    GPtrArray *records; /* of struct wire_server, as they were answered; NULL: never */
    GPtrArray *servers; /* the same in the order that was drawn */
};

static void add_timer(struct event *timer, int64_t delay_ms)
{
    struct timeval delay = {.tv_sec = delay_ms / 1000, .tv_usec = (delay_ms % 1000) * 1000};

    event_add(timer, &delay);
}

static void look_up_in(struct locator *locator, int64_t delay_ms)
{
    delay_ms = MAX(delay_ms, 0);
    locator->next_ms = clock_ms() + delay_ms;
    add_timer(locator->turn, delay_ms);
}

/* --- how a look-up ends */

static void back_off(struct locator *locator)
{
    locator->backoff =
        backoff_next(locator->backoff, BACKOFF_SERVER, clock_ms(), g_rand_int(locator->random));
}

/* Calls out last. */
static void finish(struct locator *locator, int64_t grace_ms, int64_t delay_ms)
{
    event_del(locator->deadline);
    child_release(g_steal_pointer(&locator->child), grace_ms);
    locator->is_looking = false;
    locator->is_settled = true;
    look_up_in(locator, delay_ms);
    locator->listener->on_outcome(locator->user, locator);
}

/* Takes the text. */
static void note_failure(struct locator *locator, enum reason reason, int code, char *text)
{
    failure_clear(&locator->failure);
    locator->failure = (struct failure){PHASE_DNS, reason, code, text};
}

static void end_badly(struct locator *locator, int64_t grace_ms)
{
    back_off(locator);
    finish(locator, grace_ms, locator->backoff.until_ms - clock_ms());
}

static struct wire_server *server_dup(const struct wire_server *server)
{
    return wire_server_new(server->host, server->port, server->priority, server->weight);
}

/* The order is drawn once for each set of records: drawn at every look-up it would send the daemon from one
 * server to another every few minutes, each with a new connection and with replicas that differ. */
static void take_records(struct locator *locator, GPtrArray *records)
{
    g_clear_pointer(&locator->records, g_ptr_array_unref);
    g_clear_pointer(&locator->servers, g_ptr_array_unref);
    locator->records = records;
    locator->servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free);
    for (unsigned i = 0; i < records->len; i++)
        g_ptr_array_add(locator->servers, server_dup(records->pdata[i]));
    srv_draw(locator->servers, locator->random);
}

/* Takes the records. */
static void end_well(struct locator *locator, GPtrArray *records)
{
    int64_t period_ms = locator->means.period_ms;
    bool is_news = !locator->records || !srv_equal(locator->records, records);

    failure_clear(&locator->failure);
    if (is_news)
        take_records(locator, records);
    else
        g_ptr_array_unref(records);
    if (locator->is_hurried && !is_news)
        back_off(locator);
    else
        locator->backoff = (struct backoff){0};
    finish(locator, GRACE_MS, period_ms - g_rand_int_range(locator->random, 0, (gint32)(period_ms / 10) + 1));
}

/* --- what the prober says */

static void reject(struct locator *locator, const char *what)
{
    note_failure(locator, REASON_PROTOCOL, 0, g_strdup_printf("its prober sent %s", what));
    end_badly(locator, 0);
}

static void on_frame(void *user, struct wire_frame *frame)
{
    struct locator *locator = user;
    const struct failure *failure = &frame->failed.failure;

    if (frame->type == WIRE_SERVERS)
        end_well(locator, g_steal_pointer(&frame->servers));
    else if (frame->type == WIRE_FAILED) {
        note_failure(locator, failure->reason, failure->code,
                     g_strdup(failure->text ? failure->text : "no reason was given"));
        end_badly(locator, GRACE_MS);
    } else if (frame->type != WIRE_PROGRESS || ++locator->n_progress > MAX_PROGRESS)
        reject(locator, "a frame out of order");
}

static void on_room(void *user)
{
    (void)user; /* there is nothing more to say */
}

static void on_junk(void *user)
{
    reject(user, "bytes that are no frame");
}

static void on_gone(void *user, struct process_exit how)
{
    struct locator *locator = user;

    note_failure(locator, REASON_CRASH, how.signal,
                 how.signal ? g_strdup_printf("its prober was ended by signal %s", strsignal(how.signal))
                            : g_strdup_printf("its prober left without a word, status %d", how.status));
    end_badly(locator, 0);
}

static void on_deadline(evutil_socket_t fd, short what, void *user)
{
    struct locator *locator = user;

    (void)fd, (void)what;
    if (locator->child) /* else it could not be started; the failure is set */
        note_failure(
            locator, REASON_TIMEOUT, 0,
            g_strdup_printf("no answer within %.3g s", (double)locator->means.settings->timeout_ms / 1000));
    end_badly(locator, 0);
}

/* --- how it begins */

static void look_up(struct locator *locator, bool is_hurried)
{
    static const struct child_listener listener = {on_frame, on_room, on_junk, on_gone};
    const struct locator_means *means = &locator->means;
    g_autoptr(GError) error = NULL;

    event_del(locator->turn);
    locator->is_looking = true;
    locator->is_hurried = is_hurried;
    locator->n_progress = locator->n_yields = 0;
    locator->child =
        child_start(means->base, means->program, means->settings, locator->uri, &listener, locator, &error);
    if (!locator->child)
        note_failure(locator, REASON_CRASH, error->code, g_strdup(error->message));
    add_timer(locator->deadline, locator->child ? means->settings->timeout_ms + SLACK_MS : 0);
}

static void on_turn(evutil_socket_t fd, short what, void *user)
{
    struct locator *locator = user;

    (void)fd, (void)what;
    if (turn_is_crowded(locator->means.base) && locator->n_yields++ < MAX_YIELDS)
        add_timer(locator->turn, g_rand_int_range(locator->random, 1, TURN_YIELD_MS));
    else
        look_up(locator, false);
}

static void look_up_soon(struct locator *locator)
{
    look_up_in(locator, g_rand_int_range(locator->random, 0, TURN_SPREAD_MS));
}

struct locator *locator_new(const struct locator_means *means, const char *uri,
                            const struct locator_listener *listener, void *user)
{
    struct locator *locator = g_new0(struct locator, 1);

    locator->means = *means;
    locator->means.program = locator->program = g_strdup(means->program);
    locator->uri = g_strdup(uri);
    locator->listener = listener;
    locator->user = user;
    locator->random = g_rand_new();
    locator->deadline = evtimer_new(means->base, on_deadline, locator);
    locator->turn = evtimer_new(means->base, on_turn, locator);
    look_up_soon(locator);
    return locator;
}

void locator_free(struct locator *locator)
{
    if (!locator)
        return;
    child_release(locator->child, 0);
    event_free(locator->deadline);
    event_free(locator->turn);
    g_rand_free(locator->random);
    failure_clear(&locator->failure);
    g_clear_pointer(&locator->records, g_ptr_array_unref);
    g_clear_pointer(&locator->servers, g_ptr_array_unref);
    g_free(locator->program);
    g_free(locator->uri);
    g_free(locator);
}

void locator_reload(struct locator *locator, const struct directory_config *settings)
{
    locator->means.settings = settings;
    locator->backoff = (struct backoff){0};
    if (!locator->is_looking)
        look_up_soon(locator);
}

bool locator_hurry(struct locator *locator)
{
    if (!locator->is_looking && backoff_is_over(locator->backoff, clock_ms()))
        look_up(locator, true);
    return locator->is_looking;
}

const char *locator_uri(const struct locator *locator)
{
    return locator->uri;
}

bool locator_is_settled(const struct locator *locator)
{
    return locator->is_settled;
}

bool locator_is_looking(const struct locator *locator)
{
    return locator->is_looking;
}

int64_t locator_next_ms(const struct locator *locator)
{
    return locator->next_ms;
}

const GPtrArray *locator_servers(const struct locator *locator)
{
    return locator->servers;
}

const struct failure *locator_failure(const struct locator *locator)
{
    return &locator->failure;
}
