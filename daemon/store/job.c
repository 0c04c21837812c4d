#include "store/job.h"

struct job *job_new(struct store_batch *batch, store_committed_fn on_committed, void *user)
{
    struct job *job = g_new0(struct job, 1);

    job->batch = batch;
    job->on_committed = on_committed;
    job->user = user;
    job->is_ok = true;
    return job;
}

struct job *job_new_query(const struct history_query *query, history_answer_fn *on_answer, void *user)
{
    struct job *job = g_new0(struct job, 1);

    job->query = *query;
    job->query.name = job->query_name = g_strdup(query->name);
    job->on_answer = on_answer;
    job->user = user;
    job->is_ok = true;
    return job;
}

bool job_is_query(const struct job *job)
{
    return !job->batch;
}

struct job *job_new_stand_in(const struct job *job)
{
    struct store_batch *batch;

    if (job_is_query(job))
        return job_new_query(&job->query, job->on_answer, job->user);
    batch = store_batch_new();
    for (guint i = 0; i < job->batch->alerts->len; i++)
        g_ptr_array_add(batch->alerts, alert_dup(job->batch->alerts->pdata[i]));
    g_ptr_array_extend(batch->outlets, job->batch->outlets, NULL, NULL);
    return job_new(batch, job->on_committed, job->user);
}

void job_fail(struct job *job, const char *problem)
{
    job->is_ok = false;
    g_free(job->problem);
    job->problem = g_strdup(problem);
}

void job_finish(struct job *job)
{
    if (job_is_query(job))
        job->on_answer(job->user, job->page, job->problem);
    else
        job->on_committed(job->user, job->batch, job->is_ok, job->problem);
    g_free(job->query_name);
    g_free(job->problem);
    g_free(job);
}
