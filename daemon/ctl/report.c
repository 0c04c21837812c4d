#include "ctl/report.h"

#include "clocks.h"
#include "ctl/finding.h"
#include "ctl/json.h"
#include "health/watch_json.h"

#define REPORT_VERSION 1
#define NAMES_SHOWN    5

struct counts {
    unsigned all, right, spelled, drifted, unverified, unpinned;
};

static struct counts count(const struct comparison *comparison)
{
    struct counts counts = {.all = comparison_n(comparison)};

    for (unsigned i = 0; i < counts.all; i++) {
        const struct watch_state *state = comparison_at(comparison, i);
        enum verdict_class class = verdict_class(state->alarm.verdict);
        counts.right += class == CLASS_OK;
        counts.spelled += state->alarm.verdict == VERDICT_SPELLING;
        counts.drifted += class == CLASS_DRIFT;
        counts.unverified += class != CLASS_OK && class != CLASS_DRIFT;
        counts.unpinned += !state->pin.identity;
    }
    return counts;
}

static enum plugin_status status_of_all(const struct report *report)
{
    enum plugin_status status = PLUGIN_OK;

    for (unsigned i = 0; i < comparison_n(report->comparison); i++)
        status =
            plugin_worse(status, finding_status(comparison_at(report->comparison, i), report->needs_pin));
    return status;
}

/* --- for Nagios */

static char *performance(const struct report *report, const struct counts *counts)
{
    int64_t ms = report->duration_ms;

    return g_strdup_printf("time=%" G_GINT64_FORMAT ".%03" G_GINT64_FORMAT
                           "s;;;0 watches=%u;;;0 right=%u;;;0 spelling=%u;;;0 drift=%u;;0;0 "
                           "unverifiable=%u;;;0 unpinned=%u;;;0",
                           ms / 1000, ms % 1000, counts->all, counts->right, counts->spelled, counts->drifted,
                           counts->unverified, counts->unpinned);
}

/* " (NAME VERDICT, ...)" of those that are not OK; nothing if all are. */
static void append_names(const struct report *report, GString *text)
{
    unsigned n = 0;

    for (unsigned i = 0; i < comparison_n(report->comparison); i++) {
        const struct watch_state *state = comparison_at(report->comparison, i);
        if (finding_status(state, report->needs_pin) == PLUGIN_OK)
            continue;
        if (n++ < NAMES_SHOWN)
            g_string_append_printf(text, "%s%s %s", n == 1 ? " (" : ", ", state->watch,
                                   verdict_name(state->alarm.verdict));
    }
    if (n > NAMES_SHOWN)
        g_string_append_printf(text, " and %u more", n - NAMES_SHOWN);
    g_string_append(text, n ? ")" : "");
}

static char *summarise(const struct report *report, const struct counts *counts)
{
    GString *text = g_string_new(NULL);

    g_string_printf(text, "%u watches: %u right, %u drifted, %u not verified", counts->all, counts->right,
                    counts->drifted, counts->unverified);
    append_names(report, text);
    return g_string_free(text, FALSE);
}

static void print_each(const struct report *report)
{
    for (unsigned i = 0; i < comparison_n(report->comparison); i++) {
        const struct watch_state *state = comparison_at(report->comparison, i);
        const char *status = plugin_status_name(finding_status(state, report->needs_pin));
        g_autofree char *text = finding_text(state);
        g_autofree char *line = g_strconcat(status, " ", text, NULL);

        plugin_say_more(line);
    }
}

enum plugin_status report_print(const struct report *report)
{
    struct counts counts = count(report->comparison);
    bool is_one = counts.all == 1, is_why_told = counts.unpinned && report->why_unpinned;
    enum plugin_status status = status_of_all(report);
    g_autofree char *text =
        is_one ? finding_text(comparison_at(report->comparison, 0)) : summarise(report, &counts);
    g_autofree char *line =
        g_strconcat(text, is_why_told ? "; no pin from the daemon: " : NULL, report->why_unpinned, NULL);
    g_autofree char *figures = performance(report, &counts);

    plugin_say(status, line, figures);
    if (!is_one)
        print_each(report);
    return status;
}

/* --- for programs */

static void set_status(json_t *object, enum plugin_status status)
{
    g_autofree char *name = g_ascii_strdown(plugin_status_name(status), -1);

    json_object_set_new(object, "status", json_string(name));
}

static json_t *finding_json(const struct watch_state *state, bool needs_pin)
{
    json_t *object = watch_json(state, clocks_now());

    set_status(object, finding_status(state, needs_pin));
    json_object_set_new(object, "pinned", json_boolean(state->pin.identity));
    return object;
}

static json_t *report_json(enum plugin_status status)
{
    json_t *object = json_pack("{s:i}", "version", REPORT_VERSION);

    watch_json_set_time(object, "time", clocks_now().wall_ms);
    set_status(object, status);
    return object;
}

enum plugin_status report_print_json(const struct report *report)
{
    enum plugin_status status = status_of_all(report);
    json_t *object = report_json(status), *watches = json_array();

    for (unsigned i = 0; i < comparison_n(report->comparison); i++)
        json_array_append_new(watches, finding_json(comparison_at(report->comparison, i), report->needs_pin));
    json_object_set_new(object, "milliseconds", json_integer(report->duration_ms));
    json_set_clean(object, "no_pin_because", report->why_unpinned);
    json_object_set_new(object, "watches", watches);
    json_print(object);
    return status;
}

/* --- nothing was compared */

static void print_problems(GPtrArray *problems)
{
    plugin_say(PLUGIN_UNKNOWN, problems->pdata[0], NULL);
    for (unsigned i = 1; i < problems->len; i++)
        plugin_say_more(problems->pdata[i]);
}

static void print_problems_json(GPtrArray *problems)
{
    json_t *object = report_json(PLUGIN_UNKNOWN), *list = json_array();

    for (unsigned i = 0; i < problems->len; i++)
        json_array_append_new(list, json_clean(problems->pdata[i]));
    json_object_set_new(object, "problems", list);
    json_print(object);
}

enum plugin_status report_print_problems(GPtrArray *problems, bool is_json)
{
    (is_json ? print_problems_json : print_problems)(problems);
    return PLUGIN_UNKNOWN;
}
