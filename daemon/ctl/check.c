#include "ctl/check.h"

#include <signal.h>

#include "comparison.h"
#include "ctl/check_order.h"
#include "ctl/pins.h"
#include "ctl/report.h"

static GPtrArray *problems_of(const GError *error)
{
    GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(problems, g_strdup(error->message));
    return problems;
}

static int fail(const struct check_order *order, const GError *error)
{
    g_autoptr(GPtrArray) problems = problems_of(error);

    return (int)report_print_problems(problems, order->is_json);
}

/* Looks at no secret: what a directory cannot be asked for is for its watches to tell. */
static struct config *load_file(const char *file, const char *watch, GPtrArray **ret_problems)
{
    g_autoptr(config_t) config = config_load_for_client(file, ret_problems);
    g_autoptr(GError) error = NULL;

    if (!config || !watch || config_watch(config, watch))
        return g_steal_pointer(&config);
    g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no watch `%s' in %s", watch, file);
    *ret_problems = problems_of(error);
    return NULL;
}

static void be_strict(struct config *config)
{
    for (unsigned i = 0; i < config->watches->len; i++) {
        struct watch_config *watch = config->watches->pdata[i];
        watch->is_strict = true;
    }
}

/* Whether one of the watches has no `identity` of its own. */
static bool wants_pins(const struct config *config, const char *only)
{
    for (unsigned i = 0; i < config->watches->len; i++) {
        const struct watch_config *watch = config->watches->pdata[i];
        if ((!only || g_str_equal(watch->name, only)) && !watch->identity)
            return true;
    }
    return false;
}

/* A daemon that does not run is no mistake: then nothing is pinned, and the report says so. */
static GPtrArray *find_pins(const struct check_order *order, const struct config *config, GError **ret_why)
{
    if (!order->options.n && wants_pins(config, order->watch)) {
        if (config->control)
            return pins_ask(config->control, order->watch, ret_why);
        g_set_error(ret_why, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s has control = none in [daemon]",
                    config->file);
    }
    return g_ptr_array_new();
}

static int compare(const struct check_order *order, struct config *config)
{
    int64_t mono_start_us = g_get_monotonic_time();
    g_autoptr(GError) why_unpinned = NULL;
    g_autoptr(GError) error = NULL;
    GPtrArray *pins = find_pins(order, config, &why_unpinned);
    g_autoptr(comparison_t) comparison = comparison_new(config, order->watch, pins, &error);

    if (!comparison)
        return fail(order, error);
    comparison_run(comparison);
    struct report report = {
        .comparison = comparison,
        .needs_pin = order->needs_pin,
        .why_unpinned = why_unpinned ? why_unpinned->message : NULL,
        .duration_s = (double)(g_get_monotonic_time() - mono_start_us) / G_USEC_PER_SEC,
    };
    return (int)(order->is_json ? report_print_json : report_print)(&report);
}

int check_run(const char *file, char **arguments)
{
    struct check_order order = {0};
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(config_t) config = NULL;
    g_autoptr(GError) error = NULL;

    signal(SIGPIPE, SIG_IGN); /* a prober may be gone when it is asked, a reader when it is told */
    if (!check_order_parse(arguments, &order, &error))
        return fail(&order, error);
    config =
        order.options.n ? options_load(&order.options, &problems) : load_file(file, order.watch, &problems);
    if (!config)
        return (int)report_print_problems(problems, order.is_json);
    if (order.is_strict)
        be_strict(config);
    return compare(&order, config);
}
