#include "health/history.h"

#include <event2/keyvalq_struct.h>
#include <string.h>
#include <sys/queue.h>

#include "health/answer.h"
#include "health/history_json.h"

struct history {
    const struct health_view *view;
    GPtrArray *waiting; /* of struct asking */
};

/* A request that waits for the store, which frees this when it answers. */
struct asking {
    struct history *history; /* NULL: the endpoint is gone, and the request with it */
    struct evhttp_request *request;
    char *name; /* NULL: all */
};

struct history *history_new(const struct health_view *view)
{
    struct history *history = g_new0(struct history, 1);

    history->view = view;
    history->waiting = g_ptr_array_new();
    return history;
}

/* A request that lost its connection is ours; the others evhttp_free() frees. */
void history_free(struct history *history)
{
    if (!history)
        return;
    for (unsigned i = 0; i < history->waiting->len; i++) {
        struct asking *asking = history->waiting->pdata[i];

        asking->history = NULL;
        if (!evhttp_request_get_connection(asking->request))
            evhttp_request_free(asking->request);
    }
    g_ptr_array_unref(history->waiting);
    g_free(history);
}

/* --- the answer */

static bool is_watched(const struct history *history, const char *name)
{
    return history->view->find_watch(history->view->user, name) != NULL;
}

static void answer_page(struct history *history, const struct asking *asking, const struct history_page *page,
                        const char *problem)
{
    const struct health_view *view = history->view;

    if (!page)
        answer_text(asking->request, 503, "the history cannot be read now: %s", problem);
    else if (asking->name && !page->is_known && !is_watched(history, asking->name))
        answer_text(asking->request, 404, "there is no watch of that name, nor was there one");
    else
        answer_string(asking->request, 200, ANSWER_JSON, history_json(page, view->now(view->user).wall_ms));
}

static void on_answer(void *user, struct history_page *taken, const char *problem)
{
    struct asking *asking = user;
    g_autoptr(history_page_t) page = taken;

    if (asking->history) {
        g_ptr_array_remove_fast(asking->history->waiting, asking);
        answer_page(asking->history, asking, page, problem);
    }
    g_free(asking->name);
    g_free(asking);
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
        return read_number(value, G_MAXINT64, &query->before) ? NULL : "before is the number of an alert";
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

    *asking = (struct asking){history, request, g_strdup(query->name)};
    g_ptr_array_add(history->waiting, asking);
    history->view->history(history->view->user, query, on_answer, asking);
}

void history_answer(struct history *history, struct evhttp_request *request)
{
    const char *text = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
    struct evkeyvalq parameters = {0};
    struct history_query query = {0};
    const char *problem;

    if (evhttp_parse_query_str(text ? text : "", &parameters) != 0) {
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
