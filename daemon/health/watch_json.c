#include "health/watch_json.h"

#include <string.h>

#include "dn/form.h"
#include "dn/text.h"
#include "dn/write.h"

#define WATCH_JSON_VERSION 1

void watch_json_set_text(json_t *object, const char *key, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    g_autofree char *clean = text ? text_clean(text, length) : NULL;

    if (text)
        json_object_set_new(object, key, json_string(clean));
}

void watch_json_set_time(json_t *object, const char *key, int64_t wall_ms)
{
    g_autofree char *time = wall_time_format(wall_ms);

    watch_json_set_text(object, key, time);
}

void watch_json_set_changed(json_t *object, const struct stamp *stamp)
{
    json_t *changed;

    if (!stamp->wall_ms && !stamp->by && !stamp->origin)
        return;
    changed = json_object();
    watch_json_set_time(changed, "at", stamp->wall_ms);
    watch_json_set_text(changed, "by", stamp->by);
    watch_json_set_text(changed, "origin", stamp->origin);
    json_object_set_new(object, "changed", changed);
}

static void set_config(json_t *object, const struct watch_state *state)
{
    const char *rest;

    watch_json_set_text(object, "watch", state->watch);
    watch_json_set_text(object, "directory", state->directory);
    watch_json_set_text(object, "consumer", state->consumer);
    watch_json_set_text(object, "fix", state->fix);
    watch_json_set_text(object, "configured", state->configured);
    if (state->configured && state->alarm.verdict != VERDICT_INVALID)
        watch_json_set_text(object, "configured_form",
                            state->attribute ? state->attribute
                                             : dn_form_name(dn_form_of(state->configured, &rest)));
}

static void set_alarm(json_t *object, const struct watch_state *state, struct now now)
{
    const struct alarm *alarm = &state->alarm;

    watch_json_set_text(object, "verdict", verdict_name(alarm->verdict));
    watch_json_set_text(object, "class", verdict_class_name(verdict_class(alarm->verdict)));
    watch_json_set_time(object, "since", alarm->wall_since_ms);
    if (alarm->wall_since_ms)
        json_object_set_new(object, "age_seconds",
                            json_integer(MAX(now.wall_ms - alarm->wall_since_ms, 0) / 1000));
    watch_json_set_text(object, "observed", verdict_name(alarm->observed));
    if (alarm->observed != VERDICT_NONE)
        json_object_set_new(object, "observed_count", json_integer(alarm->observed_count));
    watch_json_set_time(object, "last_attempt", state->wall_last_attempt_ms);
    watch_json_set_time(object, "last_compared", state->wall_last_compared_ms);
    json_object_set_new(object, "stale", json_boolean(watch_state_is_stale(state, now)));
    watch_json_set_text(object, "alert", state->alert);
    watch_json_set_text(object, "silenced", state->silence);
    if (alarm->quiet.is_flapping)
        json_object_set_new(object, "flapping", json_true());
}

static void set_identity(json_t *object, const struct watch_state *state)
{
    const struct judgement *shown = &state->shown;

    if (shown->is_identity_unreadable)
        json_object_set_new(object, "identity", json_null());
    else
        watch_json_set_text(object, "identity", state->pin.identity ? state->pin.identity : shown->identity);
    watch_json_set_time(object, "pinned_at", state->pin.wall_pinned_ms);
    watch_json_set_text(object, "pinned_dn", state->pin.dn);
    watch_json_set_text(object, "pinned_live", shown->pinned_live);
    if (state->pin.is_lookup_refused || shown->is_lookup_refused)
        watch_json_set_text(object, "identity_lookup", "refused");
    watch_json_set_text(object, "parent_identity",
                        shown->is_parent_identity_unknown ? "unknown" : state->pin.parent_identity);
}

/* How many entries: a number, and whether there may be more. */
static void set_count(json_t *object, const char *key, const struct count *count)
{
    bool is_at_least = count->answer == COUNT_AT_LEAST;

    if (is_at_least || count->answer == COUNT_COMPLETE)
        json_object_set_new(
            object, key,
            json_pack("{s:I, s:b}", "number", (json_int_t)count->number, "at_least", is_at_least));
}

/* Absent where that form cannot say it. */
static void set_live(json_t *object, const struct watch_state *state)
{
    const char *live = state->shown.live;
    bool is_dn = live && state->configured && !state->attribute;
    g_autofree char *written = is_dn ? dn_write_like(live, state->configured, NULL) : g_strdup(live);

    watch_json_set_text(object, "live", live);
    watch_json_set_text(object, "live_in_configured_form", written);
}

static void set_judgement(json_t *object, const struct judgement *shown)
{
    watch_json_set_text(object, "first_missing", shown->first_missing);
    watch_json_set_text(object, "certainty", shown->certainty);
    watch_json_set_text(object, "server", shown->server);
    watch_json_set_text(object, "sentence", shown->sentence);
    watch_json_set_text(object, "remedy", shown->remedy);
    watch_json_set_text(object, "vintage", shown->vintage);
    watch_json_set_changed(object, &shown->changed);
    set_count(object, "entries", &shown->entries);
    set_count(object, "matching_entries", &shown->matching);
    set_count(object, "previous_matching_entries", &shown->previous);
}

/* Why the latest comparison came to nothing; else why the confirmed state is what it is. */
static void set_reason(json_t *object, const struct watch_state *state)
{
    bool is_latest = state->last_failure.phase != PHASE_NONE || state->last_failure.reason != REASON_NONE;
    const struct failure *failure = is_latest ? &state->last_failure : &state->shown.failure;
    json_t *reason;

    if (failure->phase == PHASE_NONE && failure->reason == REASON_NONE)
        return;
    reason = json_object();
    watch_json_set_text(reason, "phase", phase_name(failure->phase));
    json_object_set_new(reason, "code", json_integer(failure->code));
    watch_json_set_text(reason, "text", failure->text);
    json_object_set_new(object, "reason", reason);
}

json_t *watch_json(const struct watch_state *state, struct now now)
{
    json_t *object = json_object();

    set_config(object, state);
    set_alarm(object, state, now);
    set_identity(object, state);
    set_live(object, state);
    set_judgement(object, &state->shown);
    set_reason(object, state);
    return object;
}

static int append(const char *bytes, size_t length, void *user)
{
    g_string_append_len(user, bytes, (gssize)length);
    return 0;
}

static void *list_begin(const struct health_view *view)
{
    g_autofree char *time = wall_time_format(view->now(view->user).wall_ms);
    GString *text = g_string_new(NULL);

    g_string_printf(text, "{\"version\":%d,\"time\":\"%s\",\"watches\":[", WATCH_JSON_VERSION, time);
    return text;
}

static void list_add(void *draft, const struct watch_state *state, struct now now)
{
    GString *text = draft;
    json_t *object = watch_json(state, now);

    g_string_append(text, text->str[text->len - 1] == '[' ? "\n" : ",\n");
    json_dump_callback(object, append, text, JSON_COMPACT);
    json_decref(object);
}

static char *list_finish(void *draft, const struct health_view *view, int *ret_code)
{
    (void)view;
    *ret_code = 200;
    g_string_append(draft, "\n]}\n");
    return g_string_free(draft, FALSE);
}

static void list_discard(void *draft)
{
    g_string_free(draft, TRUE);
}

const struct snapshot_kind watch_json_list = {
    .type = "application/json",
    .begin = list_begin,
    .add = list_add,
    .finish = list_finish,
    .discard = list_discard,
};
