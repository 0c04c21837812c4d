#include "ctl/check.h"

#include <signal.h>

#include "comparison.h"
#include "ctl/check_order.h"
#include "ctl/pins.h"
#include "ctl/report.h"
#include "source/source.h"

static int fail(const struct check_order *order, const GError *error)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new();

    g_ptr_array_add(problems, error->message);
    return (int)report_print_problems(problems, order->is_json);
}

/* No secret and no source is looked at: what cannot be read is for its watches to tell. */
static struct config *load(const struct check_order *order, const char *file, GPtrArray **ret_problems)
{
    if (order->options.n)
        return options_load(&order->options, source_check, ret_problems);
    return config_load_for_client(file, source_check, ret_problems);
}

static void be_strict(struct config *config)
{
    for (unsigned i = 0; i < config->watches->len; i++) {
        struct watch_config *watch = config->watches->pdata[i];
        watch->is_strict = true;
    }
}

static bool is_pinned_by_hand(const struct config *config, const struct watch_config *watch)
{
    if (watch)
        return watch->identity;
    for (unsigned i = 0; i < config->watches->len; i++) {
        watch = config->watches->pdata[i];
        if (!watch->identity)
            return false;
    }
    return true;
}

/* A daemon that does not run is no mistake: then nothing is pinned, and the report says so. Which watches a
 * dn_from makes is known later. */
static GPtrArray *find_pins(const struct check_order *order, const struct config *config, GError **ret_why)
{
    const struct watch_config *watch = order->watch ? config_watch(config, order->watch) : NULL;
    bool is_one = watch && !watch->dn_from;

    if (order->options.n || is_pinned_by_hand(config, watch))
        return g_ptr_array_new();
    if (config->control)
        return pins_ask(config->control, is_one ? order->watch : NULL, ret_why);
    g_set_error(ret_why, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s has control = none in [daemon]", config->file);
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
        .duration_ms = (g_get_monotonic_time() - mono_start_us) / 1000,
    };
    return (int)(order->is_json ? report_print_json : report_print)(&report);
}

int check_run(const struct request *request)
{
    struct check_order order = {0};
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(config_t) config = NULL;
    g_autoptr(GError) error = NULL;

    signal(SIGPIPE, SIG_IGN); /* a prober may be gone when it is asked, a reader when it is told */
    if (!check_order_parse(request->arguments, &order, &error))
        return fail(&order, error);
    config = load(&order, request->file, &problems);
    if (!config)
        return (int)report_print_problems(problems, order.is_json);
    if (order.is_strict)
        be_strict(config);
    return compare(&order, config);
}
