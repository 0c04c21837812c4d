#include "alert/exec.h"

#include "alert/run.h"

struct exec {
    struct event_base *base;
    struct way_listener listener;
    char *program;
    int64_t timeout_ms;
    unsigned concurrency;
    GPtrArray *runs; /* of struct run, those under way */
};

static void on_end(void *user, struct run *run, const char *problem)
{
    struct exec *exec = user;
    uint64_t number = run_number(run);

    g_ptr_array_remove(exec->runs, run);
    exec->listener.on_answer(exec->listener.user, number, problem ? DELIVERY_ABSENT : DELIVERY_TAKEN,
                             problem);
}

static enum delivery exec_deliver(void *way, const struct letter *letter)
{
    struct exec *exec = way;
    const struct alert *alert = letter->alert;
    g_autoptr(GError) error = NULL;
    struct run *run =
        run_start(exec->base, exec->program, exec->timeout_ms, alert, letter->id, on_end, exec, &error);

    if (!run) {
        exec->listener.on_answer(exec->listener.user, alert->number, DELIVERY_ABSENT, error->message);
        return DELIVERY_ABSENT;
    }
    g_ptr_array_add(exec->runs, run);
    return DELIVERY_UNDER_WAY;
}

static void exec_abandon(void *way)
{
    struct exec *exec = way;

    g_ptr_array_set_size(exec->runs, 0);
}

static unsigned exec_window(const void *way)
{
    return ((const struct exec *)way)->concurrency;
}

static void exec_list(const struct config *config, GPtrArray *names)
{
    if (config->exec_program)
        g_ptr_array_add(names, (void *)g_intern_static_string("exec"));
}

static char *exec_describe(const struct config *config, const char *name)
{
    (void)name;
    return g_strdup_printf("%u %" G_GINT64_FORMAT " %s", config->exec_concurrency, config->exec_timeout_ms,
                           config->exec_program);
}

static void *exec_open(struct event_base *base, const struct config *config, const char *name,
                       const struct way_listener *listener)
{
    struct exec *exec = g_new0(struct exec, 1);

    (void)name;
    exec->base = base;
    exec->listener = *listener;
    exec->program = g_strdup(config->exec_program);
    exec->timeout_ms = config->exec_timeout_ms;
    exec->concurrency = config->exec_concurrency;
    exec->runs = g_ptr_array_new_with_free_func((GDestroyNotify)run_free);
    return exec;
}

static void exec_free(void *way)
{
    struct exec *exec = way;

    g_ptr_array_unref(exec->runs);
    g_free(exec->program);
    g_free(exec);
}

const struct way_kind exec_way = {
    .list = exec_list,
    .describe = exec_describe,
    .open = exec_open,
    .free = exec_free,
    .deliver = exec_deliver,
    .abandon = exec_abandon,
    .window = exec_window,
};
