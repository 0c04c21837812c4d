#include "health/history.h"

#include <event2/keyvalq_struct.h>
#include <string.h>
#include <sys/queue.h>

#include "health/answer.h"
#include "health/history_json.h"

#define SLICE_MS         4
#define ENTRIES_PER_LOOK 16 /* at the clock */

struct history {
    const struct health_view *view;
    GPtrArray *waiting; /* of struct asking: for the store */
    GQueue drafts;      /* of struct asking: their pages are being written, one after the other */
    struct event *turn; /* a slice of the first draft */
};

/* A request on its way to its answer. While the store has it, the store's answer frees it. */
struct asking {
    struct history *history; /* NULL: the endpoint is gone, and the request with it */
    struct evhttp_request *request;
    char *name; /* NULL: all */
    struct history_page *page;
    unsigned next; /* entry of the page to be written */
    GString *text; /* so far */
};

static void asking_free(struct asking *asking)
{
    history_page_free(asking->page);
    if (asking->text)
        g_string_free(asking->text, TRUE);
    g_free(asking->name);
    g_free(asking);
}

/* --- the answer */

/* By a timer, even at once: an event that is made active runs before the loop looks at its sockets again. */
static void history_continue(struct history *history)
{
    const struct timeval at_once = {0};

    if (history->drafts.length > 0)
        evtimer_add(history->turn, &at_once);
}

/* false: there is more to write. */
static bool draft_write(struct asking *draft)
{
    int64_t until_us = g_get_monotonic_time() + SLICE_MS * 1000;

    while (draft->next < draft->page->entries->len) {
        history_json_add(draft->text, draft->page->entries->pdata[draft->next]);
        if (++draft->next % ENTRIES_PER_LOOK == 0 && g_get_monotonic_time() > until_us)
            return false;
    }
    return true;
}

static void on_turn(evutil_socket_t fd, short what, void *user)
{
    struct history *history = user;
    struct asking *draft = g_queue_peek_head(&history->drafts);

    (void)fd, (void)what;
    if (draft_write(draft)) {
        g_queue_pop_head(&history->drafts);
        answer_string(draft->request, 200, ANSWER_JSON, history_json_end(g_steal_pointer(&draft->text)));
        asking_free(draft);
    }
    history_continue(history);
}

static bool is_unknown(const struct asking *asking)
{
    const struct health_view *view = asking->history->view;

    return asking->name && !asking->page->is_known && !view->find_watch(view->user, asking->name);
}

/* Whoever went away needs no page. */
static void drop_gone(struct history *history)
{
    for (GList *l = history->drafts.head, *next; l; l = next) {
        struct asking *draft = l->data;

        next = l->next;
        if (evhttp_request_get_connection(draft->request))
            continue;
        g_queue_delete_link(&history->drafts, l);
        evhttp_request_free(draft->request);
        asking_free(draft);
    }
}

static void begin_draft(struct asking *asking)
{
    struct history *history = asking->history;
    const struct health_view *view = history->view;

    asking->text = history_json_begin(asking->page, view->now(view->user).wall_ms);
    drop_gone(history);
    g_queue_push_tail(&history->drafts, asking);
    history_continue(history);
}

static void on_answer(void *user, struct history_page *page, const char *problem)
{
    struct asking *asking = user;

    asking->page = page;
    if (asking->history) {
        g_ptr_array_remove_fast(asking->history->waiting, asking);
        if (page && !is_unknown(asking)) {
            begin_draft(asking);
            return;
        }
        if (page)
            answer_text(asking->request, 404, "there is no watch of that name, nor was there one");
        else
            answer_text(asking->request, 503, "the history cannot be read now: %s", problem);
    }
    asking_free(asking);
}

struct history *history_new(struct event_base *base, const struct health_view *view)
{
    struct history *history = g_new0(struct history, 1);

    history->view = view;
    history->waiting = g_ptr_array_new();
    g_queue_init(&history->drafts);
    history->turn = evtimer_new(base, on_turn, history);
    return history;
}

/* A request that lost its connection is ours; the others evhttp_free() frees. */
static void drop_request(struct asking *asking)
{
    asking->history = NULL;
    if (!evhttp_request_get_connection(asking->request))
        evhttp_request_free(asking->request);
}

void history_free(struct history *history)
{
    struct asking *draft;

    if (!history)
        return;
    for (unsigned i = 0; i < history->waiting->len; i++)
        drop_request(history->waiting->pdata[i]);
    g_ptr_array_unref(history->waiting);
    while ((draft = g_queue_pop_head(&history->drafts))) {
        drop_request(draft);
        asking_free(draft);
    }
    event_free(history->turn);
    g_free(history);
}

/* --- the question */

static bool read_number(const char *text, uint64_t most, uint64_t *ret_number)
{
    return g_ascii_string_to_unsigned(text, 10, 1, most, ret_number, NULL);
}

/* One parameter into the query; NULL, or what is wrong with it. */
static const char *take_parameter(struct history_query *query, const char *key, const char *value)
{
    uint64_t limit;

    if (strcmp(key, "watch") == 0 && !query->name && *value) {
        query->name = value;
        return NULL;
    }
    if (strcmp(key, "limit") == 0 && !query->limit) {
        if (!read_number(value, HISTORY_MAX_LIMIT, &limit))
            return "limit is a number from 1 to " G_STRINGIFY(HISTORY_MAX_LIMIT);
        query->limit = (unsigned)limit;
        return NULL;
    }
    if (strcmp(key, "before") == 0 && !query->before)
        return read_number(value, G_MAXINT64, &query->before) ? NULL : "before is the number of an entry";
    return "expected watch=NAME, limit=N and before=NUMBER, each once at most";
}

static const char *take_parameters(struct history_query *query, const struct evkeyvalq *parameters)
{
    const char *problem = NULL;
    const struct evkeyval *parameter;

    for (parameter = parameters->tqh_first; parameter && !problem; parameter = parameter->next.tqe_next)
        problem = take_parameter(query, parameter->key, parameter->value);
    if (!query->limit)
        query->limit = HISTORY_DEFAULT_LIMIT;
    return problem;
}

static void ask(struct history *history, struct evhttp_request *request, const struct history_query *query)
{
    struct asking *asking = g_new0(struct asking, 1);

    *asking = (struct asking){.history = history, .request = request, .name = g_strdup(query->name)};
    g_ptr_array_add(history->waiting, asking);
    history->view->history(history->view->user, query, on_answer, asking);
}

void history_answer(struct history *history, struct evhttp_request *request)
{
    const char *text = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
    struct evkeyvalq parameters = {0};
    struct history_query query = {0};
    const char *problem;

    /* a NUL would hide what follows it */
    if ((text && strstr(text, "%00")) || evhttp_parse_query_str(text ? text : "", &parameters) != 0) {
        answer_text(request, 400, "the query is not understood: expected KEY=VALUE&...");
        return;
    }
    problem = take_parameters(&query, &parameters);
    if (problem)
        answer_text(request, 400, "%s", problem);
    else
        ask(history, request, &query);
    evhttp_clear_headers(&parameters);
}
