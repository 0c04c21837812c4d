#include "health/directory_metrics.h"

#include <stdio.h>

static void append_up(GString *text, const struct directory_view *view)
{
    for (unsigned i = 0; i < view->n_servers && i < G_N_ELEMENTS(view->servers); i++)
        sample_count(text, "dndrift_directory_up", view->servers[i].is_up, "directory", view->name, "server",
                     view->servers[i].server, NULL);
}

static void append_discovery_up(GString *text, const struct directory_view *view)
{
    for (unsigned i = 0; i < view->n_domains && i < G_N_ELEMENTS(view->domains); i++)
        sample_count(text, "dndrift_directory_discovery_up", view->domains[i].is_up, "directory", view->name,
                     "uri", view->domains[i].uri, NULL);
}

static void append_certificates(GString *text, const struct directory_view *view)
{
    for (unsigned i = 0; i < view->n_servers && i < G_N_ELEMENTS(view->servers); i++)
        if (view->servers[i].wall_certificate_expires_s)
            sample_time(text, "dndrift_server_certificate_expiry_timestamp_seconds",
                        view->servers[i].wall_certificate_expires_s * 1000, "directory", view->name, "server",
                        view->servers[i].server, NULL);
}

static void append_comparisons(GString *text, const struct directory_view *view)
{
    sample_count(text, "dndrift_comparisons_total", view->comparisons_total, "directory", view->name, NULL);
}

static void append_failures(GString *text, const struct directory_view *view)
{
    for (unsigned i = REASON_NONE + 1; i < REASON_COUNT; i++)
        sample_count(text, "dndrift_comparison_failures_total", view->failures_total[i], "directory",
                     view->name, "reason", reason_name(i), NULL);
}

static void append_restarts(GString *text, const struct directory_view *view)
{
    sample_count(text, "dndrift_prober_restarts_total", view->restarts_total, "directory", view->name, NULL);
}

/* As OpenMetrics wants it, with a decimal point: a bound is a label, and a series has one name in both
 * formats. */
static const char *print_bound(char bound[G_ASCII_DTOSTR_BUF_SIZE], double bound_s)
{
    bool is_whole = bound_s == (double)(int)bound_s;

    return g_ascii_formatd(bound, G_ASCII_DTOSTR_BUF_SIZE, is_whole ? "%.1f" : "%g", bound_s);
}

static void append_rounds(GString *text, const struct directory_view *view)
{
    char bound[G_ASCII_DTOSTR_BUF_SIZE];

    for (unsigned i = 0; i < HEALTH_ROUND_BUCKETS; i++)
        sample_count(text, "dndrift_round_duration_seconds_bucket", view->round_buckets[i], "directory",
                     view->name, "le", print_bound(bound, health_round_bounds_s[i]), NULL);
    sample_count(text, "dndrift_round_duration_seconds_bucket", view->round_count, "directory", view->name,
                 "le", "+Inf", NULL);
    sample_number(text, "dndrift_round_duration_seconds_sum", view->round_sum_s, "directory", view->name,
                  NULL);
    sample_count(text, "dndrift_round_duration_seconds_count", view->round_count, "directory", view->name,
                 NULL);
}

static const struct {
    const char *name;
    const char *type;
    const char *help;
    void (*append)(GString *text, const struct directory_view *view);
} families[] = {
    {"dndrift_directory_up", "gauge", "1 if the last connection to the server served a round.", append_up},
    {"dndrift_directory_discovery_up", "gauge",
     "1 if the last DNS look-up of the domain's servers succeeded; those known stay when it fails.",
     append_discovery_up},
    {"dndrift_server_certificate_expiry_timestamp_seconds", "gauge",
     "When the certificate expires that the server last showed, in Unix time; no series without TLS.",
     append_certificates},
    {"dndrift_comparisons_total", "counter", "Comparisons made.", append_comparisons},
    {"dndrift_comparison_failures_total", "counter", "Comparisons that came to no verdict, by reason.",
     append_failures},
    {"dndrift_prober_restarts_total", "counter", "Probers started after the first of each server.",
     append_restarts},
    {"dndrift_round_duration_seconds", "histogram", "From the first question of a round to its end.",
     append_rounds},
};

void directory_metrics_append(GString *text, enum sample_format format, const struct health_view *view)
{
    unsigned n_directories = view->n_directories(view->user);

    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++) {
        sample_family(text, format, families[i].name, families[i].type, families[i].help);
        for (unsigned j = 0; j < n_directories; j++) {
            struct directory_view directory = {0};

            view->directory(view->user, j, &directory);
            families[i].append(text, &directory);
        }
    }
}
