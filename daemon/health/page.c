#include "health/page.h"

#include <string.h>

#include "dn/text.h"
#include "health/answer.h"
#include "health/status.h"

static void append_clean(GString *html, const char *value)
{
    g_autofree char *clean = text_clean(value, strlen(value));
    g_autofree char *escaped = g_markup_escape_text(clean, -1);

    g_string_append(html, escaped);
}

static void append_cell(GString *html, const char *value)
{
    g_string_append(html, "<td>");
    if (value)
        append_clean(html, value);
}

static void *page_begin(const struct health_view *view)
{
    g_autofree char *time = wall_time_format(view->now(view->user).wall_ms);
    GString *html = g_string_new(NULL);

    g_string_printf(
        html,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>dndriftd</title>\n"
        "<style>body{font-family:sans-serif}td,th{text-align:left;vertical-align:top;"
        "padding:0 1em .3em 0}.fail{color:#b00}.warn{color:#850}</style></head>\n"
        "<body><h1>dndriftd</h1>\n<p>As of %s.</p>\n<table>\n"
        "<tr><th>status<th>watch<th>verdict<th>since<th>for<th>configured<th>live<th>what\n",
        time);
    return html;
}

/* The verdict, and why its alerts wait. */
static char *name_verdict(const struct watch_state *state)
{
    const char *verdict = verdict_name(state->alarm.verdict);

    return g_strconcat(verdict ? verdict : "", state->silence ? ", silenced" : "",
                       state->alarm.quiet.is_flapping ? ", flapping" : "", NULL);
}

static void page_add(void *draft, const struct watch_state *state, struct now now)
{
    g_autofree char *since = wall_time_format(state->alarm.wall_since_ms);
    g_autofree char *age = since ? age_format(now.wall_ms - state->alarm.wall_since_ms) : NULL;
    g_autofree char *verdict = name_verdict(state);
    const char *why;
    const char *status = status_name(status_of_watch(state, now, &why));

    g_string_append_printf(draft, "<tr><td class=\"%s\">%s", status, status);
    append_cell(draft, state->watch);
    append_cell(draft, verdict);
    append_cell(draft, since);
    append_cell(draft, age);
    append_cell(draft, state->configured);
    append_cell(draft, state->shown.live);
    append_cell(draft, state->shown.sentence);
    g_string_append_c(draft, '\n');
}

static char *page_finish(void *draft, const struct health_view *view, int *ret_code)
{
    (void)view;
    *ret_code = 200;
    g_string_append(
        draft, "</table>\n<p>For machines: /livez /readyz /health /metrics /watches</p>\n</body></html>\n");
    return g_string_free(draft, FALSE);
}

static void page_discard(void *draft)
{
    g_string_free(draft, TRUE);
}

const struct snapshot_kind page_all = {
    .type = ANSWER_HTML,
    .begin = page_begin,
    .add = page_add,
    .finish = page_finish,
    .discard = page_discard,
};
