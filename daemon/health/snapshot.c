#include "health/snapshot.h"

#include <stdbool.h>
#include <string.h>

#include "health/answer.h"

#define WATCHES_PER_LOOK 16 /* at the clock */

struct snapshot {
    const struct health_view *view;
    const struct snapshot_kind *kind;
    struct event *turn;
    GPtrArray *waiting; /* of struct evhttp_request: at most as many as connect while it is built */
    void *draft;        /* NULL: none is being built */
    unsigned n_watches; /* when the draft was begun */
    unsigned next;
    int64_t spent_us; /* on the draft so far */
    GBytes *page;     /* the last one while it is fresh; NULL: none, or it was not worth keeping */
    int code;
};

static void draft_drop(struct snapshot *snapshot)
{
    if (snapshot->draft)
        snapshot->kind->discard(snapshot->draft);
    snapshot->draft = NULL;
}

static void draft_begin(struct snapshot *snapshot)
{
    snapshot->draft = snapshot->kind->begin(snapshot->view);
    snapshot->n_watches = snapshot->view->n_watches(snapshot->view->user);
    snapshot->next = 0;
    snapshot->spent_us = 0;
}

/* By a timer, even at once: an event that is made active runs before the loop looks at its sockets again. */
static void turn_after(struct snapshot *snapshot, int64_t us)
{
    const struct timeval delay = {us / G_USEC_PER_SEC, us % G_USEC_PER_SEC};

    evtimer_add(snapshot->turn, &delay);
}

static void answer_all(struct snapshot *snapshot, GBytes *page)
{
    g_autoptr(GPtrArray) waiting = g_steal_pointer(&snapshot->waiting);

    snapshot->waiting = g_ptr_array_new();
    for (unsigned i = 0; i < waiting->len; i++)
        answer_bytes(g_ptr_array_index(waiting, i), snapshot->code, snapshot->kind->type, page);
}

static void draft_finish(struct snapshot *snapshot, int64_t begun_us)
{
    char *text = snapshot->kind->finish(g_steal_pointer(&snapshot->draft), snapshot->view, &snapshot->code);
    g_autoptr(GBytes) page = g_bytes_new_take(text, strlen(text));

    snapshot->spent_us += g_get_monotonic_time() - begun_us;
    if (snapshot->spent_us > SNAPSHOT_SLICE_MS * 1000) {
        snapshot->page = g_bytes_ref(page);
        turn_after(snapshot, snapshot->spent_us * SNAPSHOT_REST);
    }
    answer_all(snapshot, page);
}

/* One slice. A view that shrank or grew behind our back makes the draft begin again. */
static void draft_continue(struct snapshot *snapshot)
{
    const struct health_view *view = snapshot->view;
    struct now now = view->now(view->user);
    int64_t begun_us = g_get_monotonic_time();

    if (view->n_watches(view->user) != snapshot->n_watches) {
        draft_drop(snapshot);
        draft_begin(snapshot);
    }
    while (snapshot->next < snapshot->n_watches) {
        snapshot->kind->add(snapshot->draft, view->watch(view->user, snapshot->next), now);
        if (++snapshot->next % WATCHES_PER_LOOK != 0)
            continue;
        if (g_get_monotonic_time() - begun_us > SNAPSHOT_SLICE_MS * 1000) {
            snapshot->spent_us += g_get_monotonic_time() - begun_us;
            turn_after(snapshot, 0);
            return;
        }
    }
    draft_finish(snapshot, begun_us);
}

static void on_turn(evutil_socket_t fd, short what, void *user)
{
    struct snapshot *snapshot = user;

    (void)fd, (void)what;
    if (snapshot->draft)
        draft_continue(snapshot);
    else
        g_clear_pointer(&snapshot->page, g_bytes_unref); /* many MiB that nobody may ask for again */
}

struct snapshot *snapshot_new(struct event_base *base, const struct health_view *view,
                              const struct snapshot_kind *kind)
{
    struct snapshot *snapshot = g_new0(struct snapshot, 1);

    snapshot->view = view;
    snapshot->kind = kind;
    snapshot->turn = evtimer_new(base, on_turn, snapshot);
    snapshot->waiting = g_ptr_array_new();
    return snapshot;
}

void snapshot_answer(struct snapshot *snapshot, struct evhttp_request *request)
{
    if (snapshot->page) {
        answer_bytes(request, snapshot->code, snapshot->kind->type, snapshot->page);
        return;
    }
    g_ptr_array_add(snapshot->waiting, request);
    if (snapshot->draft)
        return;
    draft_begin(snapshot);
    draft_continue(snapshot);
}

void snapshot_restart(struct snapshot *snapshot)
{
    g_clear_pointer(&snapshot->page, g_bytes_unref);
    if (!snapshot->draft)
        return;
    draft_drop(snapshot);
    draft_begin(snapshot);
}

/* Requests that lost their connection are ours; the others evhttp_free() frees. */
static void waiting_drop(struct snapshot *snapshot)
{
    for (unsigned i = 0; i < snapshot->waiting->len; i++)
        if (!evhttp_request_get_connection(g_ptr_array_index(snapshot->waiting, i)))
            evhttp_request_free(g_ptr_array_index(snapshot->waiting, i));
    g_ptr_array_unref(snapshot->waiting);
}

void snapshot_free(struct snapshot *snapshot)
{
    if (!snapshot)
        return;
    event_free(snapshot->turn);
    draft_drop(snapshot);
    waiting_drop(snapshot);
    g_clear_pointer(&snapshot->page, g_bytes_unref);
    g_free(snapshot);
}
