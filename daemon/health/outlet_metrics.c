#include "health/outlet_metrics.h"

static uint64_t depth_of(const struct outlet_view *outlet)
{
    return outlet->depth;
}

static uint64_t sent_of(const struct outlet_view *outlet)
{
    return outlet->sent_total;
}

static uint64_t failures_of(const struct outlet_view *outlet)
{
    return outlet->failures_total;
}

static const struct {
    const char *name;
    const char *type;
    const char *help;
    uint64_t (*value)(const struct outlet_view *outlet);
} families[] = {
    {"dndrift_outlet_depth", "gauge", "Alerts that wait for this outlet.", depth_of},
    {"dndrift_alerts_sent_total", "counter", "Alerts that an outlet took.", sent_of},
    {"dndrift_alert_failures_total", "counter", "Attempts at an alert that an outlet did not take.",
     failures_of},
};

void outlet_metrics_append(GString *text, enum sample_format format, const struct health_view *view)
{
    unsigned n = view->n_outlets(view->user);
    g_autofree struct outlet_view *outlets = g_new0(struct outlet_view, n);
    uint64_t depth = 0;

    for (unsigned i = 0; i < n; i++) {
        view->outlet(view->user, i, &outlets[i]);
        depth += outlets[i].depth;
    }
    sample_family(text, format, "dndrift_outbox_depth", "gauge",
                  "Alerts that wait for their outlet, over all outlets.");
    sample_count(text, "dndrift_outbox_depth", depth, NULL);
    for (unsigned f = 0; f < G_N_ELEMENTS(families); f++) {
        sample_family(text, format, families[f].name, families[f].type, families[f].help);
        for (unsigned i = 0; i < n; i++)
            sample_count(text, families[f].name, families[f].value(&outlets[i]), "outlet", outlets[i].name,
                         NULL);
    }
}
