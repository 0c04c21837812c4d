#include "alert/outlet.h"

#include <string.h>

#include "alert/clock.h"

#define SENT_PER_TURN 64 /* then other events have their turn */

struct outlet {
    const char *name;
    const struct way_kind *kind;
    char *settings; /* that the way was opened with */
    void *way;
    struct event_base *base;
    struct event *timer;    /* the next try: pending whenever letters wait and may go */
    struct event *deadline; /* pending while something is under way */
    struct retry retry;
    bool is_backing_off; /* until the timer rings */
    struct letters waiting;
    struct letters under_way;
    const struct outlet_listener *listener;
    void *user;
    uint64_t sent_total;
    uint64_t failures_total;
};

static bool outlet_has_room(const struct outlet *outlet)
{
    return !outlet->kind->window || letters_depth(&outlet->under_way) < outlet->kind->window(outlet->way);
}

static void outlet_wake(struct outlet *outlet, int64_t wait_ms)
{
    if (letters_depth(&outlet->waiting) > 0 && outlet_has_room(outlet))
        clock_arm(outlet->timer, wait_ms);
}

/* It was heard of what is under way, or that has just begun. */
static void outlet_watch_deadline(struct outlet *outlet)
{
    if (letters_depth(&outlet->under_way) == 0)
        event_del(outlet->deadline);
    else if (outlet->kind->deadline_ms > 0)
        clock_arm(outlet->deadline, outlet->kind->deadline_ms);
}

static void outlet_note_taken(struct outlet *outlet, struct letter *letter)
{
    outlet->sent_total++;
    retry_step(&outlet->retry, DELIVERY_TAKEN);
    outlet->listener->on_told(outlet->user, outlet->name, letter->alert->number);
    if (!outlet->kind->trust)
        outlet->listener->on_sent(outlet->user, outlet->name, letter->alert->number);
    letter_unref(letter);
}

/* Its row may go. */
static void outlet_drop(struct outlet *outlet, struct letter *letter, const char *why)
{
    outlet->failures_total++;
    outlet->listener->on_given_up(outlet->user, outlet->name, letter->alert->number, why);
    letter_unref(letter);
}

static void outlet_note_refused(struct outlet *outlet, struct letter *letter, const char *why)
{
    retry_step(&outlet->retry, DELIVERY_TAKEN); /* it listens */
    outlet_drop(outlet, letter, why);
}

/* However many failed with it, one failure is one step of the back-off. */
static void outlet_back_off(struct outlet *outlet, enum delivery delivery)
{
    if (outlet->is_backing_off)
        return;
    outlet->is_backing_off = true;
    clock_arm(outlet->timer, retry_step(&outlet->retry, delivery));
}

static enum delivery outlet_send_first(struct outlet *outlet)
{
    const struct letter *letter = letters_first(&outlet->waiting);
    enum delivery delivery = outlet->kind->deliver(outlet->way, letter);

    if (delivery == DELIVERY_TAKEN) {
        outlet_note_taken(outlet, letters_take_first(&outlet->waiting));
    } else if (delivery == DELIVERY_UNDER_WAY) {
        letters_add(&outlet->under_way, letters_take_first(&outlet->waiting));
        if (letters_depth(&outlet->under_way) == 1)
            outlet_watch_deadline(outlet);
    } else {
        outlet->failures_total++;
        outlet_back_off(outlet, delivery);
    }
    return delivery;
}

/* Begins until one fails, nothing is left, the way is full, or n_max began. */
static void outlet_send_some(struct outlet *outlet, unsigned n_max)
{
    enum delivery delivery = DELIVERY_TAKEN;

    while (letters_depth(&outlet->waiting) > 0 && outlet_has_room(outlet) && n_max-- > 0 &&
           (delivery == DELIVERY_TAKEN || delivery == DELIVERY_UNDER_WAY))
        delivery = outlet_send_first(outlet);
}

static void on_timer(evutil_socket_t fd, short what, void *data)
{
    struct outlet *outlet = data;

    (void)fd;
    (void)what;
    outlet->is_backing_off = false;
    outlet_send_some(outlet, SENT_PER_TURN);
    if (!outlet->is_backing_off)
        outlet_wake(outlet, 0);
}

/* Back to those that wait, which are younger but for others that failed. */
static void outlet_take_back(struct outlet *outlet, struct letter *letter, enum delivery delivery)
{
    outlet->failures_total++;
    letters_put_back(&outlet->waiting, letter);
    outlet_back_off(outlet, delivery);
}

static void outlet_take_all_back(struct outlet *outlet, enum delivery delivery)
{
    while (letters_depth(&outlet->under_way) > 0)
        outlet_take_back(outlet, letters_take_first(&outlet->under_way), delivery);
}

static void on_answer(void *data, uint64_t number, enum delivery delivery, const char *problem)
{
    struct outlet *outlet = data;
    struct letter *letter = letters_take(&outlet->under_way, number);

    if (number == WAY_ALL)
        outlet_take_all_back(outlet, delivery);
    else if (number == WAY_NONE)
        outlet->failures_total++;
    else if (letter && delivery == DELIVERY_TAKEN)
        outlet_note_taken(outlet, letter);
    else if (letter && delivery == DELIVERY_REFUSED)
        outlet_note_refused(outlet, letter, problem);
    else if (letter)
        outlet_take_back(outlet, letter, delivery);
    outlet_watch_deadline(outlet);
    if (!outlet->is_backing_off)
        outlet_wake(outlet, 0);
    if (problem && delivery != DELIVERY_REFUSED)
        outlet->listener->on_failure(outlet->user, outlet->name, number != WAY_NONE, problem);
}

static void on_sure(void *data, uint64_t number)
{
    struct outlet *outlet = data;

    outlet->listener->on_sent(outlet->user, outlet->name, number);
}

static void on_deadline(evutil_socket_t fd, short what, void *data)
{
    struct outlet *outlet = data;
    g_autofree char *problem =
        g_strdup_printf("no answer in %d seconds", (int)(outlet->kind->deadline_ms / 1000));

    (void)fd;
    (void)what;
    outlet->kind->abandon(outlet->way);
    on_answer(outlet, WAY_ALL, DELIVERY_ABSENT, problem);
}

struct outlet *outlet_new(struct event_base *base, const struct way_kind *kind, const char *name,
                          const struct config *config, const struct outlet_listener *listener, void *user)
{
    struct outlet *outlet = g_new0(struct outlet, 1);

    outlet->name = g_intern_string(name);
    outlet->kind = kind;
    outlet->base = base;
    outlet->timer = evtimer_new(base, on_timer, outlet);
    outlet->deadline = evtimer_new(base, on_deadline, outlet);
    outlet->listener = listener;
    outlet->user = user;
    letters_init(&outlet->waiting);
    letters_init(&outlet->under_way);
    outlet_reload(outlet, config);
    return outlet;
}

const char *outlet_name(const struct outlet *outlet)
{
    return outlet->name;
}

static int64_t oldest_ms(const struct letters *letters)
{
    const struct letter *oldest = letters_first(letters);

    return oldest ? letter_age_ms(oldest) : 0;
}

struct outlet_figures outlet_figures(const struct outlet *outlet)
{
    return (struct outlet_figures){
        .name = outlet->name,
        .depth = letters_depth(&outlet->waiting) + letters_depth(&outlet->under_way),
        .oldest_ms = MAX(oldest_ms(&outlet->waiting), oldest_ms(&outlet->under_way)),
        .sent_total = outlet->sent_total,
        .failures_total = outlet->failures_total,
    };
}

bool outlet_wants_members(const struct outlet *outlet)
{
    return outlet->kind->wants_members;
}

void outlet_add(struct outlet *outlet, struct letter *letter)
{
    struct letters *waiting = &outlet->waiting;
    bool is_stored = letter->is_stored;
    unsigned n_max = is_stored ? OUTLET_MAX_STORED : OUTLET_RING;

    letters_add(waiting, letter);
    if ((is_stored ? letters_depth(waiting) - waiting->n_unstored : waiting->n_unstored) > n_max)
        outlet_drop(outlet, letters_take_victim(waiting, is_stored), "too many alerts wait for it");
    if (!evtimer_pending(outlet->timer, NULL))
        outlet_wake(outlet, 0);
}

static void outlet_trust(const struct outlet *outlet)
{
    if (outlet->kind->trust)
        outlet->kind->trust(outlet->way);
}

static void outlet_close_way(struct outlet *outlet)
{
    if (!outlet->way)
        return;
    outlet_trust(outlet);
    outlet->kind->abandon(outlet->way);
    outlet->kind->free(outlet->way);
    outlet->way = NULL;
}

void outlet_reload(struct outlet *outlet, const struct config *config)
{
    const struct open_view open = {outlet->listener->list_open, outlet->listener->find_open, outlet->user};
    const struct way_listener listener = {on_answer, on_sure, outlet, open};
    char *settings = outlet->kind->describe(config, outlet->name);

    if (g_strcmp0(settings, outlet->settings) == 0) {
        g_free(settings);
        return;
    }
    g_free(outlet->settings);
    outlet->settings = settings;
    outlet_close_way(outlet);
    outlet->way = outlet->kind->open(outlet->base, config, outlet->name, &listener);
    outlet_take_all_back(outlet, DELIVERY_ABSENT);
    outlet_watch_deadline(outlet);
    memset(&outlet->retry, 0, sizeof outlet->retry);
    outlet->is_backing_off = false;
    outlet_wake(outlet, 0);
}

void outlet_flush(struct outlet *outlet)
{
    if (!outlet->kind->window)
        outlet_send_some(outlet, letters_depth(&outlet->waiting));
    outlet_trust(outlet);
}

void outlet_give_up(struct outlet *outlet, const char *why)
{
    outlet_trust(outlet);
    outlet->kind->abandon(outlet->way);
    outlet_take_all_back(outlet, DELIVERY_ABSENT);
    while (letters_depth(&outlet->waiting) > 0)
        outlet_drop(outlet, letters_take_first(&outlet->waiting), why);
}

void outlet_free(struct outlet *outlet)
{
    if (!outlet)
        return;
    outlet_close_way(outlet);
    letters_clear(&outlet->under_way);
    letters_clear(&outlet->waiting);
    event_free(outlet->timer);
    event_free(outlet->deadline);
    g_free(outlet->settings);
    g_free(outlet);
}
