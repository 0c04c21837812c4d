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

void job_fail(struct job *job, const char *problem)
{
    job->is_ok = false;
    g_free(job->problem);
    job->problem = g_strdup(problem);
}

void job_finish(struct job *job)
{
    job->on_committed(job->user, job->batch, job->is_ok, job->problem);
    g_free(job->problem);
    g_free(job);
}
