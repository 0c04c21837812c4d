#include "store/writer.h"

#include "store/alert_row.h"
#include "store/copy.h"
#include "store/fault.h"
#include "store/rescue.h"
#include "store/statement.h"

#include <signal.h>

#define JOBS_AT_ONCE     256 /* batches in one transaction */
#define COPY_INTERVAL_US (600 * G_USEC_PER_SEC)
#define MAX_SENT         100000 /* notes kept while nothing can be written; without its note an alert repeats */

struct writer {
    struct exchange *exchange;
    const struct folder *folder;
    struct database *database; /* NULL: to be opened afresh */
    char *id;
    uint64_t last_number; /* the highest that was seen */
    GArray *sent;         /* of uint64_t: not noted yet */
    bool is_changed;      /* since the last copy */
    gint64 copy_due_us;   /* if there was change */
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
    writer->copy_due_us = 0; /* the copy is in use now */
    if (writer->database && writer_continue(writer, &problem)) {
        g_clear_error(error);
        g_set_error_literal(error, FAULT, FAULT_BROKEN, rejected);
    }
    return false;
}

static bool writer_connect(struct writer *writer, GError **error)
{
    g_autofree char *rejected = NULL;

    if (writer->database && database_is_in_place(writer->database))
        return true;
    writer_disconnect(writer);
    writer->database = rescue_open(writer->folder, schema_current(), &rejected, error);
    if (!writer->database || !writer_continue(writer, error))
        return false;
    if (!rejected)
        return true;
    writer->copy_due_us = 0;
    g_set_error_literal(error, FAULT, FAULT_BROKEN, rejected);
    return false;
}

static bool writer_write(struct writer *writer, const GQueue *jobs, GError **error)
{
    for (const GList *l = jobs->head; l; l = l->next)
        if (!database_write(writer->database, ((const struct job *)l->data)->batch, error))
            return false;
    return alert_row_sent(writer->database->handle, writer->sent, error);
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
    if (!writer_connect(writer, error))
        return false;
    if (writer_transact(writer, jobs, error)) {
        g_array_set_size(writer->sent, 0);
        writer->is_changed = true;
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
    for (GList *l = jobs->head; l; l = l->next)
        job_fail(l->data, error->message);
    if (writer->sent->len > MAX_SENT)
        g_array_remove_range(writer->sent, 0, writer->sent->len - MAX_SENT);
}

static void writer_prune(struct writer *writer)
{
    bool is_more = true;

    while (is_more && alert_row_prune(writer->database->handle, &is_more, NULL))
        continue;
}

/* A copy that fails leaves the one before; the next is tried when it is due. */
static void writer_copy(struct writer *writer)
{
    g_autoptr(GError) error = NULL;

    if (!writer->is_changed || !writer->database)
        return;
    writer_prune(writer);
    writer->copy_due_us = g_get_monotonic_time() + COPY_INTERVAL_US;
    writer->is_changed = false;
    if (copy_make(writer->folder, schema_current(), writer->database->handle, FOLDER_COPY, &error))
        return;
    writer_count_error(writer);
    writer->is_changed = true;
    if (g_error_matches(error, FAULT, FAULT_BROKEN))
        writer_disconnect(writer);
}

static gint64 writer_next_copy(const struct writer *writer)
{
    if (!writer->is_changed || !writer->database)
        return G_MAXINT64;
    return writer->copy_due_us;
}

static void *writer_run(void *data)
{
    struct writer *writer = data;
    GQueue jobs = G_QUEUE_INIT;

    while (exchange_take(writer->exchange, writer_next_copy(writer), JOBS_AT_ONCE, &jobs, writer->sent)) {
        if (jobs.length > 0 || writer->sent->len > 0)
            writer_commit(writer, &jobs);
        exchange_answer(writer->exchange, &jobs);
        if (g_get_monotonic_time() >= writer_next_copy(writer))
            writer_copy(writer);
    }
    writer_copy(writer);
    writer_disconnect(writer);
    exchange_leave(writer->exchange);
    return NULL;
}

/* The copy of an earlier run counts: a daemon that restarts often need not copy each time. */
static gint64 writer_first_copy(const struct folder *folder)
{
    struct stat status;
    gint64 age_us;

    if (!folder_stat(folder, FOLDER_COPY, &status))
        return 0;
    age_us = g_get_real_time() - (gint64)status.st_mtim.tv_sec * G_USEC_PER_SEC;
    return g_get_monotonic_time() + CLAMP(COPY_INTERVAL_US - age_us, 0, COPY_INTERVAL_US);
}

struct writer *writer_new(struct exchange *exchange, const struct folder *folder, struct database *database,
                          const char *id, uint64_t last_number)
{
    struct writer *writer = g_new0(struct writer, 1);

    writer->exchange = exchange;
    writer->folder = folder;
    writer->database = database;
    writer->id = g_strdup(id);
    writer->last_number = last_number;
    writer->copy_due_us = writer_first_copy(folder);
    writer->sent = g_array_new(FALSE, FALSE, sizeof(uint64_t));
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
    g_free(writer);
}
