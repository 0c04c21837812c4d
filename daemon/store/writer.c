#include "store/writer.h"

#include "store/alert_row.h"
#include "store/delivery_row.h"
#include "store/fault.h"
#include "store/rescue.h"
#include "store/statement.h"
#include "store/upkeep.h"

#include <signal.h>

#define BATCHES_AT_ONCE 256    /* batches in one transaction */
#define MAX_SENT        100000 /* notes kept while nothing can be written; without its note an alert repeats */

struct writer {
    struct exchange *exchange;
    const struct folder *folder;
    struct database *database; /* NULL: to be opened afresh */
    char *rejected;            /* NULL, or what was lost since the last commit, which the next one says */
    char *id;
    uint64_t last_number; /* the highest that was seen */
    bool is_number_owed;  /* an alert with such a number went out without being kept */
    int64_t mono_born_ms; /* when the first daemon on this database had begun, had they run without a break */
    GArray *sent;         /* of struct receipt: not noted yet */
    struct upkeep upkeep;
    gint errors_total;
    GThread *thread;
};

static void writer_count_error(struct writer *writer)
{
    g_atomic_int_inc(&writer->errors_total);
}

static void writer_disconnect(struct writer *writer)
{
    database_free(writer->database);
    writer->database = NULL;
}

/* Alert ids go on where they were, whatever the file that took the place holds. */
static bool writer_continue(struct writer *writer, GError **error)
{
    sqlite3 *handle = writer->database->handle;

    if (database_set_id(writer->database, writer->id, error) &&
        alert_row_raise_last_number(handle, writer->last_number, error))
        return true;
    writer_disconnect(writer);
    return false;
}

/* The database is broken: puts another in its place. Fails always, with a sentence on what was lost. */
static bool writer_replace(struct writer *writer, GError **error)
{
    g_autofree char *reason = g_strdup((*error)->message);
    g_autofree char *rejected = NULL;
    g_autoptr(GError) problem = NULL;

    writer_disconnect(writer);
    writer->database = rescue_replace(writer->folder, schema_current(), reason, &rejected, &problem);
    upkeep_note_rescue(&writer->upkeep);
    if (writer->database && writer_continue(writer, &problem)) {
        g_clear_error(error);
        g_set_error_literal(error, FAULT, FAULT_BROKEN, rejected);
    }
    return false;
}

static bool writer_connect(struct writer *writer, GError **error)
{
    char *rejected = NULL;

    if (writer->database && database_is_in_place(writer->database))
        return true;
    writer_disconnect(writer);
    writer->database = rescue_open(writer->folder, schema_current(), &rejected, error);
    if (rejected) {
        upkeep_note_rescue(&writer->upkeep);
        g_free(writer->rejected);
        writer->rejected = rejected;
    }
    return writer->database && writer_continue(writer, error);
}

/* What was lost is said once, by a commit that fails: then the states are committed again. */
static bool writer_has_lost(struct writer *writer, GError **error)
{
    g_autofree char *rejected = g_steal_pointer(&writer->rejected);

    if (rejected)
        g_set_error_literal(error, FAULT, FAULT_BROKEN, rejected);
    return rejected != NULL;
}

static int64_t writer_lived_ms(const struct writer *writer)
{
    return g_get_monotonic_time() / 1000 - writer->mono_born_ms;
}

static bool writer_write(struct writer *writer, const GQueue *jobs, GError **error)
{
    const struct history_mark mark = {writer->id, writer_lived_ms(writer)};

    for (const GList *l = jobs->head; l; l = l->next)
        if (!database_write(writer->database, ((const struct job *)l->data)->batch, &mark, error))
            return false;
    if (writer->is_number_owed &&
        !alert_row_raise_last_number(writer->database->handle, writer->last_number, error))
        return false;
    return history_row_note(writer->database->handle, writer->sent, error) &&
           delivery_row_settle(writer->database->handle, writer->sent, error);
}

/* Notes of sent alerts alone need not wait for the disk: a power cut that undoes them repeats an alert. */
static bool writer_transact(struct writer *writer, const GQueue *jobs, GError **error)
{
    sqlite3 *handle = writer->database->handle;

    if (database_set_durable(writer->database, jobs->length > 0, error) &&
        statement_execute(handle, "BEGIN IMMEDIATE", error) && writer_write(writer, jobs, error) &&
        statement_execute(handle, "COMMIT", error))
        return true;
    if (!sqlite3_get_autocommit(handle))
        statement_execute(handle, "ROLLBACK", NULL);
    return false;
}

/* One transaction for all of them; afterwards the connection is ready for the next, or closed. */
static bool writer_try(struct writer *writer, const GQueue *jobs, GError **error)
{
    if (!writer_connect(writer, error) || (jobs->length > 0 && writer_has_lost(writer, error)))
        return false;
    if (writer_transact(writer, jobs, error)) {
        g_array_set_size(writer->sent, 0);
        writer->is_number_owed = false;
        upkeep_note_change(&writer->upkeep);
        return true;
    }
    if (g_error_matches(*error, FAULT, FAULT_BROKEN))
        return writer_replace(writer, error);
    if (g_error_matches(*error, FAULT, FAULT_LOST))
        writer_disconnect(writer);
    return false;
}

static void writer_see_numbers(struct writer *writer, const struct store_batch *batch)
{
    for (guint i = 0; i < batch->alerts->len; i++) {
        const struct alert *alert = batch->alerts->pdata[i];

        writer->last_number = MAX(writer->last_number, alert->number);
    }
}

/* A batch that cannot be in there must not take others down with it. */
static void writer_commit_alone(struct writer *writer, const GQueue *jobs)
{
    for (GList *l = jobs->head; l; l = l->next) {
        GList alone_link = {.data = l->data};
        const GQueue alone = {.head = &alone_link, .tail = &alone_link, .length = 1};
        g_autoptr(GError) error = NULL;

        if (writer_try(writer, &alone, &error))
            continue;
        job_fail(l->data, error->message);
        writer->is_number_owed = true;
        writer_count_error(writer);
    }
}

static void writer_commit(struct writer *writer, const GQueue *jobs)
{
    g_autoptr(GError) error = NULL;

    for (GList *l = jobs->head; l; l = l->next)
        writer_see_numbers(writer, ((const struct job *)l->data)->batch);
    if (writer_try(writer, jobs, &error))
        return;
    if (jobs->length > 1 && g_error_matches(error, FAULT, FAULT_CONSTRAINT)) {
        writer_commit_alone(writer, jobs);
        return;
    }
    writer_count_error(writer);
    writer->is_number_owed = true;
    for (GList *l = jobs->head; l; l = l->next)
        job_fail(l->data, error->message);
    if (writer->sent->len > MAX_SENT)
        g_array_remove_range(writer->sent, 0, writer->sent->len - MAX_SENT);
}

/* A database found damaged outside of a commit is set aside when it is next used. */
static void writer_note_fault(struct writer *writer, const GError *fault)
{
    writer_count_error(writer);
    if (g_error_matches(fault, FAULT, FAULT_BROKEN))
        writer_disconnect(writer);
}

static struct history_page *writer_read(struct writer *writer, const struct history_query *query,
                                        GError **error)
{
    return writer_connect(writer, error) ? history_row_read(writer->database->handle, query, error) : NULL;
}

/* Damage that is found here is mended here: nothing else may come for long. */
static void writer_answer(struct writer *writer, struct job *job)
{
    g_autoptr(GError) error = NULL;

    job->page = writer_read(writer, &job->query, &error);
    if (g_error_matches(error, FAULT, FAULT_BROKEN)) {
        writer_note_fault(writer, error);
        g_clear_error(&error);
        job->page = writer_read(writer, &job->query, &error);
    }
    if (job->page)
        return;
    job_fail(job, error->message);
    writer_note_fault(writer, error);
}

/* One a turn, so that no batch waits for many. */
static void writer_answer_one(struct writer *writer)
{
    struct job *job = exchange_take_query(writer->exchange);
    GQueue jobs = G_QUEUE_INIT;

    if (!job)
        return;
    writer_answer(writer, job);
    g_queue_push_tail(&jobs, job);
    exchange_answer(writer->exchange, &jobs);
}

/* What fails is tried again when it is next due. */
static void writer_keep_up(struct writer *writer)
{
    g_autoptr(GError) error = NULL;

    if (!upkeep_run(&writer->upkeep, writer->database->handle, writer_lived_ms(writer), &error))
        writer_note_fault(writer, error);
}

static void writer_end(struct writer *writer)
{
    g_autoptr(GError) error = NULL;

    if (writer->database && !upkeep_end(&writer->upkeep, writer->database->handle, &error))
        writer_note_fault(writer, error);
    writer_disconnect(writer);
}

static gint64 writer_next_upkeep(struct writer *writer)
{
    struct history_limits limits = exchange_limits(writer->exchange);

    upkeep_limit(&writer->upkeep, &limits);
    return writer->database ? upkeep_due_us(&writer->upkeep) : G_MAXINT64;
}

static void *writer_run(void *data)
{
    struct writer *writer = data;
    GQueue batches = G_QUEUE_INIT;

    while (exchange_take(writer->exchange, writer_next_upkeep(writer), BATCHES_AT_ONCE, &batches,
                         writer->sent)) {
        if (batches.length > 0 || writer->sent->len > 0)
            writer_commit(writer, &batches);
        exchange_answer(writer->exchange, &batches);
        writer_answer_one(writer);
        if (g_get_monotonic_time() >= writer_next_upkeep(writer))
            writer_keep_up(writer);
    }
    writer_end(writer);
    exchange_leave(writer->exchange);
    return NULL;
}

struct writer *writer_new(struct exchange *exchange, const struct folder *folder, struct database *database,
                          const struct store_content *content)
{
    struct writer *writer = g_new0(struct writer, 1);

    writer->exchange = exchange;
    writer->folder = folder;
    writer->database = database;
    writer->id = g_strdup(content->id);
    writer->last_number = content->last_number;
    writer->mono_born_ms = g_get_monotonic_time() / 1000 - content->lived_ms;
    upkeep_init(&writer->upkeep, folder);
    writer->sent = g_array_new(FALSE, FALSE, sizeof(struct receipt));
    return writer;
}

/* Signals are the event loop's: the thread inherits a mask that blocks them all. */
void writer_start(struct writer *writer)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    writer->thread = g_thread_new("store", writer_run, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

uint64_t writer_errors_total(const struct writer *writer)
{
    return (uint64_t)g_atomic_int_get(&writer->errors_total);
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    if (writer->thread)
        g_thread_join(writer->thread);
    database_free(writer->database);
    g_array_unref(writer->sent);
    g_free(writer->id);
    g_free(writer->rejected);
    g_free(writer);
}
