#include "health_case.h"

#include <string.h>

static struct now view_now(void *user)
{
    return ((struct health_case *)user)->now;
}

static void view_daemon(void *user, bool is_scrape, struct daemon_view *ret_view)
{
    (void)is_scrape;
    *ret_view = ((struct health_case *)user)->daemon;
}

static unsigned view_n_watches(void *user)
{
    return ((struct health_case *)user)->watches->len;
}

static const struct watch_state *view_watch(void *user, unsigned index)
{
    return g_ptr_array_index(((struct health_case *)user)->watches, index);
}

static unsigned view_n_directories(void *user)
{
    return ((struct health_case *)user)->directories->len;
}

static void view_directory(void *user, unsigned index, struct directory_view *ret_view)
{
    *ret_view = *(struct directory_view *)g_ptr_array_index(((struct health_case *)user)->directories, index);
}

static unsigned view_n_outlets(void *user)
{
    (void)user;
    return G_N_ELEMENTS(((struct health_case *)NULL)->outlets);
}

static void view_outlet(void *user, unsigned index, struct outlet_view *ret_view)
{
    *ret_view = ((struct health_case *)user)->outlets[index];
}

static void free_state(void *state)
{
    watch_state_free(state);
}

void health_case_init(struct health_case *health_case)
{
    *health_case = (struct health_case){
        .view = {.user = health_case,
                 .now = view_now,
                 .daemon = view_daemon,
                 .n_watches = view_n_watches,
                 .watch = view_watch,
                 .n_directories = view_n_directories,
                 .directory = view_directory,
                 .n_outlets = view_n_outlets,
                 .outlet = view_outlet},
        .outlets = {{.name = "syslog"}, {.name = "tls://log.example.com:6514"}},
        .daemon = {.is_ready = true, .is_last_reload_successful = true, .wall_start_ms = 1795469000250},
        .watches = g_ptr_array_new_with_free_func(free_state),
        .directories = g_ptr_array_new(),
        .now = {.boot_ms = 10000000, .wall_ms = 1795469423000},
    };
}

void health_case_clear(struct health_case *health_case)
{
    g_ptr_array_unref(health_case->watches);
    g_ptr_array_unref(health_case->directories);
}

struct watch_state *health_case_add(struct health_case *health_case, const char *name, enum verdict verdict)
{
    struct watch_state *state = watch_state_new(name);

    state->directory = g_strdup("mms");
    state->configured = g_strdup("cn=custom,o=mms");
    state->stale_after_ms = 600000;
    state->boot_known_ms = state->boot_last_compared_ms = health_case->now.boot_ms;
    state->wall_last_compared_ms = health_case->now.wall_ms;
    state->alarm.verdict = state->alarm.observed = verdict;
    state->alarm.observed_count = 1;
    state->alarm.wall_since_ms = health_case->now.wall_ms;
    state->alarm.is_drift_open = verdict_class(verdict) == CLASS_DRIFT;
    g_ptr_array_add(health_case->watches, state);
    return state;
}

char *health_case_render(const struct health_case *health_case, const struct snapshot_kind *kind,
                         int *ret_code)
{
    void *draft = kind->begin(&health_case->view);

    for (unsigned i = 0; i < health_case->watches->len; i++)
        kind->add(draft, g_ptr_array_index(health_case->watches, i), health_case->now);
    return kind->finish(draft, &health_case->view, ret_code);
}
