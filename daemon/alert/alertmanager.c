#include "alert/alertmanager.h"

#include "alert/clock.h"
#include "alert/courier.h"
#include "alert/telling.h"

#define API             "/api/v2/alerts"
#define FIRST_SWEEP_MS  1000  /* after the start: what an earlier daemon told must not run out */
#define SECOND_SWEEP_MS 10000 /* ... nor what was in doubt by then */
#define ANSWER_S        45    /* a courier gives up before */

enum job { JOB_NONE, JOB_LETTER, JOB_SWEEP };

struct alertmanager {
    struct event_base *base;
    struct way_listener listener;
    char *address;
    struct telling telling;
    struct courier *courier; /* NULL: none runs */
    uint64_t post;           /* number of the latest */
    enum job under_way;      /* whose post waits for an answer */
    enum job last;           /* whose was the latest */
    struct event *pump;
    struct event *interval; /* until the next sweep, or until one that failed goes on */
    struct retry retry;     /* of sweeps */
    struct event *deadline; /* pending while a post waits for an answer */
};

/* With all that was under way. */
static void hang_up(struct alertmanager *manager)
{
    g_clear_pointer(&manager->courier, courier_free);
    manager->under_way = JOB_NONE;
    event_del(manager->deadline);
    telling_stop(&manager->telling);
}

/* The letter waits for the outlet's next try, the sweep for one of its own. */
static void fail(struct alertmanager *manager, const char *why)
{
    const struct way_listener *listener = &manager->listener;
    bool has_letter = manager->telling.letter != NULL;
    int64_t wait_ms = retry_step(&manager->retry, DELIVERY_ABSENT);

    if (manager->under_way == JOB_SWEEP)
        telling_take_back(&manager->telling);
    hang_up(manager);
    if (manager->telling.is_sweeping)
        clock_arm(manager->interval, MIN(wait_ms, manager->telling.config.interval_ms));
    listener->on_answer(listener->user, has_letter ? WAY_ALL : WAY_NONE, DELIVERY_ABSENT, why);
}

/* Neither waits for all of the other. */
static enum job choose(const struct alertmanager *manager)
{
    const struct telling *telling = &manager->telling;

    if (telling->letter && (!telling->is_sweeping || manager->last == JOB_SWEEP))
        return JOB_LETTER;
    return telling->is_sweeping ? JOB_SWEEP : JOB_NONE;
}

static void end_letter(struct alertmanager *manager, enum delivery delivery, const char *problem)
{
    uint64_t number = manager->telling.letter->alert->number;

    manager->telling.letter = NULL;
    manager->listener.on_answer(manager->listener.user, number, delivery, problem);
}

static void on_answered(struct alertmanager *manager)
{
    manager->under_way = JOB_NONE;
    retry_step(&manager->retry, DELIVERY_TAKEN);
    event_del(manager->deadline);
    event_active(manager->pump, EV_TIMEOUT, 0);
}

static void on_taken(void *user, uint64_t number)
{
    struct alertmanager *manager = user;

    if (number == manager->post)
        on_answered(manager);
}

static void on_refused(void *user, uint64_t number, const char *why)
{
    struct alertmanager *manager = user;
    enum job job = manager->under_way;

    if (number != manager->post)
        return;
    on_answered(manager);
    if (job == JOB_LETTER)
        end_letter(manager, DELIVERY_REFUSED, why);
    else
        manager->listener.on_answer(manager->listener.user, WAY_NONE, DELIVERY_ABSENT, why);
}

static void on_end(void *user, enum courier_end how, const char *why)
{
    struct alertmanager *manager = user;
    g_autofree char *problem = g_strdup(why);

    (void)how;
    if (manager->under_way == JOB_NONE)
        g_clear_pointer(&manager->courier, courier_free);
    else
        fail(manager, problem);
}

static void hand(struct alertmanager *manager, enum job job, const char *body)
{
    static const struct courier_listener listener = {on_taken, on_refused, on_end};
    const struct alertmanager_config *config = &manager->telling.config;
    const struct courier_order order = {manager->address,  config->ca_file, config->cert_file,
                                        config->key_file,  config->user,    config->password_file,
                                        config->token_file};
    g_autoptr(GError) error = NULL;

    if (!manager->courier)
        manager->courier = courier_start(manager->base, &order, &listener, manager, &error);
    if (!manager->courier) {
        fail(manager, error->message);
        return;
    }
    courier_hand(manager->courier, ++manager->post, body);
    manager->under_way = manager->last = job;
    clock_arm(manager->deadline, ANSWER_S * 1000);
}

static char *next_body(struct alertmanager *manager, enum job job)
{
    return job == JOB_LETTER ? telling_next_of_letter(&manager->telling)
                             : telling_next_of_sweep(&manager->telling);
}

/* One post at a time, so that they arrive in order. */
static void on_pump(evutil_socket_t fd, short what, void *user)
{
    struct alertmanager *manager = user;
    enum job job = manager->under_way == JOB_NONE ? choose(manager) : JOB_NONE;
    g_autofree char *body = job == JOB_NONE ? NULL : next_body(manager, job);

    (void)fd;
    (void)what;
    if (job == JOB_NONE)
        return;
    if (body) {
        hand(manager, job, body);
        return;
    }
    event_active(manager->pump, EV_TIMEOUT, 0);
    if (job == JOB_LETTER)
        end_letter(manager, DELIVERY_TAKEN, NULL);
}

static void on_interval(evutil_socket_t fd, short what, void *user)
{
    struct alertmanager *manager = user;
    bool is_first = manager->telling.ledger.sweep == 0;
    int64_t interval_ms = manager->telling.config.interval_ms;

    (void)fd;
    (void)what;
    clock_arm(manager->interval, is_first ? MIN(SECOND_SWEEP_MS, interval_ms) : interval_ms);
    if (!manager->telling.is_sweeping)
        telling_start_sweep(&manager->telling);
    event_active(manager->pump, EV_TIMEOUT, 0);
}

static void on_deadline(evutil_socket_t fd, short what, void *user)
{
    g_autofree char *problem = g_strdup_printf("no answer in %d seconds", ANSWER_S);

    (void)fd;
    (void)what;
    fail(user, problem);
}

/* --- as a way */

static enum delivery alertmanager_deliver(void *way, const struct letter *letter)
{
    struct alertmanager *manager = way;

    if (!firing_is_concerned(letter->alert->word))
        return DELIVERY_TAKEN;
    telling_take_letter(&manager->telling, letter);
    event_active(manager->pump, EV_TIMEOUT, 0);
    return DELIVERY_UNDER_WAY;
}

static void alertmanager_abandon(void *way)
{
    hang_up(way);
}

static unsigned alertmanager_window(const void *way)
{
    (void)way;
    return 1;
}

static void alertmanager_list(const struct config *config, GPtrArray *names)
{
    for (char **uri = config->alertmanager.uris; uri && *uri; uri++)
        g_ptr_array_add(names, (void *)g_intern_string(*uri));
}

static char *alertmanager_describe(const struct config *config, const char *name)
{
    const struct alertmanager_config *own = &config->alertmanager;
    g_autofree char *labels = own->labels ? g_strjoinv(" ", own->labels) : NULL;

    return g_strdup_printf("%s %" G_GINT64_FORMAT " %s %s %s %s %s %s %s %s", name, own->interval_ms,
                           own->ca_file, own->cert_file, own->key_file, own->user, own->password_file,
                           own->token_file, own->link, labels);
}

static void *alertmanager_open(struct event_base *base, const struct config *config, const char *name,
                               const struct way_listener *listener)
{
    struct alertmanager *manager = g_new0(struct alertmanager, 1);

    manager->base = base;
    manager->listener = *listener;
    manager->address = g_strconcat(name, API, NULL);
    telling_init(&manager->telling, &config->alertmanager, &listener->open);
    manager->pump = event_new(base, -1, 0, on_pump, manager);
    manager->interval = evtimer_new(base, on_interval, manager);
    manager->deadline = evtimer_new(base, on_deadline, manager);
    clock_arm(manager->interval, FIRST_SWEEP_MS);
    return manager;
}

static void alertmanager_free(void *way)
{
    struct alertmanager *manager = way;

    courier_free(manager->courier);
    event_free(manager->pump);
    event_free(manager->interval);
    event_free(manager->deadline);
    telling_clear(&manager->telling);
    g_free(manager->address);
    g_free(manager);
}

const struct way_kind alertmanager_way = {
    .list = alertmanager_list,
    .describe = alertmanager_describe,
    .open = alertmanager_open,
    .free = alertmanager_free,
    .deliver = alertmanager_deliver,
    .abandon = alertmanager_abandon,
    .window = alertmanager_window,
    .wants_members = true,
};
