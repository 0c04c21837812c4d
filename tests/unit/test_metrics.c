#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "health/metrics.h"
#include "health/sample.h"
#include "health_case.h"

/* Every family of the contract and what it is. */
static const struct {
    const char *name;
    const char *type;
} families[] = {
    {"dndrift_build_info", "gauge"},
    {"dndrift_watch_drift", "gauge"},
    {"dndrift_watch_verdict", "gauge"},
    {"dndrift_watch_info", "gauge"},
    {"dndrift_watch_verdict_since_timestamp_seconds", "gauge"},
    {"dndrift_watch_silenced", "gauge"},
    {"dndrift_watch_flapping", "gauge"},
    {"dndrift_watch_last_compared_timestamp_seconds", "gauge"},
    {"dndrift_watch_unverifiable", "gauge"},
    {"dndrift_watch_stale", "gauge"},
    {"dndrift_watches", "gauge"},
    {"dndrift_directory_up", "gauge"},
    {"dndrift_server_certificate_expiry_timestamp_seconds", "gauge"},
    {"dndrift_outbox_depth", "gauge"},
    {"dndrift_outlet_depth", "gauge"},
    {"dndrift_loop_lag_seconds", "gauge"},
    {"dndrift_config_last_reload_successful", "gauge"},
    {"dndrift_config_last_reload_success_timestamp_seconds", "gauge"},
    {"dndrift_comparisons_total", "counter"},
    {"dndrift_comparison_failures_total", "counter"},
    {"dndrift_alerts_sent_total", "counter"},
    {"dndrift_alert_failures_total", "counter"},
    {"dndrift_prober_restarts_total", "counter"},
    {"dndrift_store_errors_total", "counter"},
    {"dndrift_round_duration_seconds", "histogram"},
    {"process_start_time_seconds", "gauge"},
    {"process_cpu_seconds_total", "counter"},
    {"process_resident_memory_bytes", "gauge"},
    {"process_open_fds", "gauge"},
    {"process_max_fds", "gauge"},
};

static char *render(const struct health_case *health_case)
{
    int code;
    char *text = health_case_render(health_case, &metrics_prometheus, &code);

    assert_int_equal(code, 200);
    return text;
}

static void assert_line(const char *text, const char *line)
{
    g_autofree char *whole = g_strdup_printf("\n%s\n", line);

    if (!strstr(text, whole))
        fail_msg("there is no line %s", line);
}

static void each_outlet_has_figures_of_its_own(void **unused)
{
    struct health_case health_case;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    health_case.outlets[0] = (struct outlet_view){"syslog", 2, 0, 7, 1};
    health_case.outlets[1] = (struct outlet_view){"tcp://log:601", 3, 0, 5, 9};
    text = render(&health_case);
    assert_line(text, "dndrift_outbox_depth 5");
    assert_line(text, "dndrift_outlet_depth{outlet=\"tcp://log:601\"} 3");
    assert_line(text, "dndrift_alerts_sent_total{outlet=\"syslog\"} 7");
    assert_line(text, "dndrift_alert_failures_total{outlet=\"tcp://log:601\"} 9");
    health_case_clear(&health_case);
}

static void every_family_is_there_once_with_help_and_type(void **unused)
{
    struct health_case health_case;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    text = render(&health_case);
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
        g_autofree char *type = g_strdup_printf("# TYPE %s %s\n", families[i].name, families[i].type);
        g_autofree char *help = g_strdup_printf("# HELP %s ", families[i].name);
        const char *found = strstr(text, type);

        if (!found || !strstr(text, help))
            fail_msg("%s is missing", families[i].name);
        assert_null(strstr(found + 1, type));
    }
    assert_true(g_str_has_suffix(text, "\n"));
    health_case_clear(&health_case);
}

static void every_verdict_is_counted_at_zero_too(void **unused)
{
    struct health_case health_case;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    health_case_add(&health_case, "a", VERDICT_MATCH);
    text = render(&health_case);
    for (unsigned i = VERDICT_NONE + 1; i < VERDICT_COUNT; i++) {
        g_autofree char *line =
            g_strdup_printf("dndrift_watches{verdict=\"%s\"} %d", verdict_name(i), i == VERDICT_MATCH);

        assert_line(text, line);
    }
    health_case_clear(&health_case);
}

static void every_reason_of_every_directory_is_counted_at_zero_too(void **unused)
{
    struct directory_view directory = {.name = "mms", .failures_total = {[REASON_TLS] = 3}};
    struct health_case health_case;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    g_ptr_array_add(health_case.directories, &directory);
    text = render(&health_case);
    for (unsigned i = REASON_NONE + 1; i < REASON_COUNT; i++) {
        g_autofree char *line =
            g_strdup_printf("dndrift_comparison_failures_total{directory=\"mms\",reason=\"%s\"} %d",
                            reason_name(i), i == REASON_TLS ? 3 : 0);

        assert_line(text, line);
    }
    health_case_clear(&health_case);
}

static void a_certificate_has_a_series_where_one_was_shown(void **unused)
{
    struct directory_view directory = {.name = "mms",
                                       .n_servers = 3,
                                       .servers = {{"ldaps://a:636", true, 1795469423},
                                                   {"ldap://b:389", true, 0},
                                                   {"ldaps://c:636", false, INT64_C(253402300799)}}};
    struct health_case health_case;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    g_ptr_array_add(health_case.directories, &directory);
    text = render(&health_case);
    assert_line(text,
                "dndrift_server_certificate_expiry_timestamp_seconds{directory=\"mms\",server=\"ldaps://"
                "a:636\"} 1795469423.000");
    assert_line(text,
                "dndrift_server_certificate_expiry_timestamp_seconds{directory=\"mms\",server=\"ldaps://"
                "c:636\"} 253402300799.000");
    assert_null(strstr(text, "expiry_timestamp_seconds{directory=\"mms\",server=\"ldap://b"));
    health_case_clear(&health_case);
}

/* What differs between the formats, in every way a family can be. */
static void openmetrics_has_its_own_heads_and_the_same_samples(void **unused)
{
    static const char *const heads[] = {
        "# TYPE dndrift_build info\n# HELP dndrift_build 1",
        "# TYPE dndrift_watch info\n# HELP dndrift_watch 1",
        "# TYPE dndrift_alerts_sent counter\n# HELP dndrift_alerts_sent Alerts",
        "# TYPE process_cpu_seconds counter\n# UNIT process_cpu_seconds seconds\n# HELP process_cpu_seconds "
        "User",
        "# TYPE process_open_fds gauge\n# HELP process_open_fds Open",
        "# TYPE process_resident_memory_bytes gauge\n# UNIT process_resident_memory_bytes bytes\n",
        "# TYPE dndrift_round_duration_seconds histogram\n# UNIT dndrift_round_duration_seconds seconds\n",
        "# TYPE dndrift_watch_last_compared_timestamp_seconds gauge\n"
        "# UNIT dndrift_watch_last_compared_timestamp_seconds seconds\n",
    };
    struct health_case health_case;
    g_autofree char *text = NULL;
    int code;

    (void)unused;
    health_case_init(&health_case);
    health_case_add(&health_case, "a", VERDICT_RENAMED);
    text = health_case_render(&health_case, &metrics_openmetrics, &code);
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        if (!strstr(text, heads[i]))
            fail_msg("there is no %s in %s", heads[i], text);
    assert_line(text, "dndrift_alerts_sent_total{outlet=\"syslog\"} 0");
    assert_true(g_str_has_suffix(text, "\n# EOF\n"));
    health_case_clear(&health_case);
}

static void a_watch_that_cannot_be_compared_is_told_apart_from_a_drift(void **unused)
{
    struct health_case health_case;
    struct watch_state *fresh;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    health_case_add(&health_case, "well", VERDICT_MATCH);
    health_case_add(&health_case, "away", VERDICT_MATCH)->alarm.is_unverifiable_open = true;
    health_case_add(&health_case, "old", VERDICT_MATCH)->stale_after_ms = -1;
    fresh = health_case_add(&health_case, "fresh", VERDICT_NONE);
    fresh->alarm.observed = VERDICT_UNREACHABLE;
    text = render(&health_case);
    assert_line(text, "dndrift_watch_unverifiable{watch=\"well\"} 0");
    assert_line(text, "dndrift_watch_unverifiable{watch=\"away\"} 1");
    assert_line(text, "dndrift_watch_unverifiable{watch=\"fresh\"} 1");
    assert_line(text, "dndrift_watch_drift{watch=\"away\"} 0");
    assert_line(text, "dndrift_watch_stale{watch=\"well\"} 0");
    assert_line(text, "dndrift_watch_stale{watch=\"old\"} 1");
    health_case_clear(&health_case);
}

static void a_watch_has_one_verdict_at_a_time(void **unused)
{
    struct health_case health_case;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    health_case_add(&health_case, "a", VERDICT_RENAMED);
    health_case_add(&health_case, "b", VERDICT_NONE)->wall_last_compared_ms = 0;
    health_case_add(&health_case, "c", VERDICT_MATCH)->silence = g_strdup("night");
    health_case_add(&health_case, "d", VERDICT_MATCH)->alarm.quiet.is_flapping = true;
    text = render(&health_case);
    assert_line(text, "dndrift_watch_verdict{watch=\"a\",verdict=\"renamed\"} 1");
    assert_line(text, "dndrift_watch_drift{watch=\"a\"} 1");
    assert_line(text, "dndrift_watch_drift{watch=\"b\"} 0");
    assert_line(text, "dndrift_watch_verdict_since_timestamp_seconds{watch=\"a\"} 1795469423.000");
    assert_line(text, "dndrift_watch_silenced{watch=\"c\"} 1");
    assert_line(text, "dndrift_watch_flapping{watch=\"d\"} 1");
    assert_null(strstr(text, "dndrift_watch_silenced{watch=\"d\""));
    assert_null(strstr(text, "dndrift_watch_flapping{watch=\"c\""));
    assert_null(strstr(text, "dndrift_watch_verdict{watch=\"b\""));
    assert_null(strstr(text, "dndrift_watch_last_compared_timestamp_seconds{watch=\"b\""));
    health_case_clear(&health_case);
}

static void the_histogram_is_cumulative_and_complete(void **unused)
{
    struct directory_view directory = {.name = "mms",
                                       .round_buckets = {0, 1, 1, 2, 2, 2, 2, 2, 2, 2},
                                       .round_count = 3,
                                       .round_sum_s = 40.25};
    struct health_case health_case;
    g_autofree char *text = NULL;

    (void)unused;
    health_case_init(&health_case);
    g_ptr_array_add(health_case.directories, &directory);
    text = render(&health_case);
    assert_line(text, "dndrift_round_duration_seconds_bucket{directory=\"mms\",le=\"0.01\"} 0");
    assert_line(text, "dndrift_round_duration_seconds_bucket{directory=\"mms\",le=\"30.0\"} 2");
    assert_line(text, "dndrift_round_duration_seconds_bucket{directory=\"mms\",le=\"+Inf\"} 3");
    assert_line(text, "dndrift_round_duration_seconds_sum{directory=\"mms\"} 40.25");
    assert_line(text, "dndrift_round_duration_seconds_count{directory=\"mms\"} 3");
    health_case_clear(&health_case);
}

static void labels_are_cleaned_then_escaped(void **unused)
{
    static const struct {
        const char *value;
        const char *line;
        const char *why;
    } cases[] = {
        {"plain", "x{l=\"plain\"} 1\n", "nothing to do"},
        {"a\"b", "x{l=\"a\\\"b\"} 1\n", "a quote ends the value"},
        {"a\\b", "x{l=\"a\\\\b\"} 1\n", "a backslash escapes"},
        {"a\nb", "x{l=\"a\\\\x0ab\"} 1\n", "a line end ends the sample"},
        {"\\x0a", "x{l=\"\\\\x5cx0a\"} 1\n", "and what reads like a cleaned one does not"},
        {"\xff", "x{l=\"\\\\xff\"} 1\n", "Prometheus drops the scrape for invalid UTF-8"},
        {"stra\xc3\x9f"
         "e",
         "x{l=\"stra\xc3\x9f"
         "e\"} 1\n",
         "valid UTF-8 stays"},
        {"", "x{l=\"\"} 1\n", "empty"},
    };

    (void)unused;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *text = g_string_new(NULL);

        sample_count(text, "x", 1, "l", cases[i].value, NULL);
        if (strcmp(text->str, cases[i].line) != 0)
            fail_msg("%s: %s", cases[i].why, text->str);
        g_string_free(text, TRUE);
    }
}

static void numbers_do_not_depend_on_the_locale_and_lose_nothing(void **unused)
{
    GString *text = g_string_new(NULL);

    (void)unused;
    sample_number(text, "a", 0.0125, NULL);
    sample_number(text, "b", 0, NULL);
    sample_count(text, "c", G_MAXUINT64, NULL);
    sample_time(text, "d", 1795469423007, NULL);
    assert_string_equal(text->str, "a 0.0125\nb 0\nc 18446744073709551615\nd 1795469423.007\n");
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_family_is_there_once_with_help_and_type),
        cmocka_unit_test(each_outlet_has_figures_of_its_own),
        cmocka_unit_test(every_verdict_is_counted_at_zero_too),
        cmocka_unit_test(every_reason_of_every_directory_is_counted_at_zero_too),
        cmocka_unit_test(a_certificate_has_a_series_where_one_was_shown),
        cmocka_unit_test(openmetrics_has_its_own_heads_and_the_same_samples),
        cmocka_unit_test(a_watch_that_cannot_be_compared_is_told_apart_from_a_drift),
        cmocka_unit_test(a_watch_has_one_verdict_at_a_time),
        cmocka_unit_test(the_histogram_is_cumulative_and_complete),
        cmocka_unit_test(labels_are_cleaned_then_escaped),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale_and_lose_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
