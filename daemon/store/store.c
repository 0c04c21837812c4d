#include "store/store.h"

#include "store/exchange.h"
#include "store/fault.h"
#include "store/rescue.h"
#include "store/writer.h"

#define RESULTS_PER_TURN 64 /* then other events have their turn */

struct store {
    struct folder *folder;
    struct exchange *exchange;
    struct writer *writer;
    struct event *done_event;
};

G_DEFINE_QUARK(dndrift - store - error, store_error)

static void on_done(evutil_socket_t fd, short what, void *data)
{
    struct store *store = data;
    struct job *job;

    (void)fd;
    (void)what;
    for (int i = 0; i < RESULTS_PER_TURN && (job = exchange_pop_done(store->exchange)); i++)
        job_finish(job);
}

static void store_finish_all(struct store *store)
{
    struct job *job;

    while ((job = exchange_pop_done(store->exchange)))
        job_finish(job);
}

static bool store_fail(const struct store *store, GError *fault, GError **error)
{
    bool is_newer = g_error_matches(fault, FAULT, FAULT_NEWER);

    g_set_error(error, STORE_ERROR, is_newer ? STORE_ERROR_NEWER : STORE_ERROR_DATABASE, "%s/%s: %s%s",
                store->folder->path, FOLDER_DATABASE, fault->message,
                is_newer ? ": install that version, or move the file away to start anew" : "");
    g_error_free(fault);
    return false;
}

static struct store_content *store_read(const struct database *database, char *rejected, GError **error)
{
    struct store_content *content = database_load(database, error);

    if (content)
        content->rejected = rejected;
    else
        g_free(rejected);
    return content;
}

/* Damage that only reading everything shows is treated like damage found by the check. */
static struct store_content *store_open_database(struct store *store, struct database **ret_database,
                                                 GError **error)
{
    char *rejected = NULL;
    g_autoptr(GError) fault = NULL;
    struct database *database = rescue_open(store->folder, schema_current(), &rejected, error);
    struct store_content *content = database ? store_read(database, rejected, &fault) : NULL;

    if (database && !content) {
        database_free(database);
        if (!g_error_matches(fault, FAULT, FAULT_BROKEN)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return NULL;
        }
        rejected = NULL;
        database = rescue_replace(store->folder, schema_current(), fault->message, &rejected, error);
        content = database ? store_read(database, rejected, error) : NULL;
    }
    if (content)
        *ret_database = database;
    else
        database_free(database);
    return content;
}

static bool store_listen(struct store *store, struct event_base *base, GError **error)
{
    int fd = exchange_done_fd(store->exchange);

    store->done_event = fd < 0 ? NULL : event_new(base, fd, EV_READ | EV_PERSIST, on_done, store);
    if (store->done_event && event_add(store->done_event, NULL) == 0)
        return true;
    g_set_error_literal(error, STORE_ERROR, STORE_ERROR_DATABASE, "no file descriptor is left for the store");
    return false;
}

static void store_free(struct store *store)
{
    if (store->done_event)
        event_free(store->done_event);
    writer_free(store->writer);
    exchange_free(store->exchange);
    folder_free(store->folder);
    g_free(store);
}

struct store *store_open(struct event_base *base, const char *directory, struct store_content **ret_content,
                         GError **error)
{
    struct store *store = g_new0(struct store, 1);
    struct store_content *content = NULL;
    struct database *database = NULL;
    GError *fault = NULL;

    store->folder = folder_open(directory, error);
    store->exchange = exchange_new();
    if (store->folder && store_listen(store, base, error)) {
        content = store_open_database(store, &database, &fault);
        if (!content)
            store_fail(store, fault, error);
    }
    if (!content) {
        store_free(store);
        return NULL;
    }
    store->writer = writer_new(store->exchange, store->folder, database, content);
    writer_start(store->writer);
    *ret_content = content;
    return store;
}

void store_commit(struct store *store, struct store_batch *batch, store_committed_fn on_committed, void *user)
{
    exchange_put(store->exchange, job_new(batch, on_committed, user));
}

void store_alert_sent(struct store *store, const char *outlet, uint64_t number, int64_t wall_told_ms)
{
    const struct receipt receipt = {number, outlet, wall_told_ms, .is_doubtful = false};

    exchange_put_sent(store->exchange, &receipt);
}

void store_alert_told(struct store *store, const char *outlet, uint64_t number, int64_t wall_told_ms)
{
    const struct receipt receipt = {number, outlet, wall_told_ms, .is_doubtful = true};

    exchange_put_sent(store->exchange, &receipt);
}

void store_read_history(struct store *store, const struct history_query *query, history_answer_fn *on_answer,
                        void *user)
{
    exchange_put(store->exchange, job_new_query(query, on_answer, user));
}

void store_limit_history(struct store *store, const struct history_limits *limits)
{
    exchange_put_limits(store->exchange, limits);
}

unsigned store_n_queued(const struct store *store)
{
    return exchange_n_open(store->exchange);
}

uint64_t store_errors_total(const struct store *store)
{
    return writer_errors_total(store->writer);
}

void store_flush(struct store *store, int64_t timeout_ms)
{
    exchange_wait_answered(store->exchange, timeout_ms);
    store_finish_all(store);
}

/* A thread that hangs in the kernel cannot be ended: it keeps what it uses, and ends with the process. */
void store_close(struct store *store, int64_t timeout_ms)
{
    if (!store)
        return;
    exchange_stop(store->exchange);
    if (!exchange_wait_left(store->exchange, timeout_ms)) {
        exchange_abandon(store->exchange);
        store_finish_all(store);
        event_free(store->done_event);
        return;
    }
    store_finish_all(store);
    store_free(store);
}
