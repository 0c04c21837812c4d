#include "health/health_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "config.h"
#include "health/answer.h"
#include "health/expiry.h"
#include "health/status.h"
#include "health/watch_json.h"

#define SERVICE_VERSION "1" /* of what the endpoint says; the program's is releaseId */

struct draft {
    json_t *checks;
    unsigned n_checks;
    unsigned n_watches;
    unsigned n_status[STATUS_FAIL + 1];
    unsigned n_verdicts[VERDICT_COUNT];
};

static json_t *health_new_object(enum status status)
{
    json_t *health = json_object();

    json_object_set_new(health, "status", json_string(status_name(status)));
    json_object_set_new(health, "version", json_string(SERVICE_VERSION));
    json_object_set_new(health, "releaseId", json_string(PACKAGE_VERSION));
    json_object_set_new(health, "serviceId", json_string("dndriftd"));
    json_object_set_new(health, "description",
                        json_string("compares configured container DNs with the live directory"));
    return health;
}

static enum status worse(enum status a, enum status b)
{
    return MAX(a, b);
}

static char *health_print(json_t *health, enum status status, int *ret_code)
{
    char *json = json_dumps(health, JSON_INDENT(1));
    char *text = g_strconcat(json, "\n", NULL);

    *ret_code = status == STATUS_FAIL ? 503 : 200;
    free(json);
    json_decref(health);
    return text;
}

/* Each check is an array: the draft allows several nodes of one component. */
static void check_add(json_t *checks, const char *key, json_t *check)
{
    json_t *nodes = json_object_get(checks, key);

    if (!nodes)
        json_object_set_new(checks, key, nodes = json_array());
    json_array_append_new(nodes, check);
}

static const char *output_of(const struct watch_state *state, const char *why)
{
    return state->shown.sentence ? state->shown.sentence : why;
}

static void check_add_watch(json_t *checks, const struct watch_state *state, enum status status,
                            const char *why)
{
    g_autofree char *key = g_strconcat(state->watch, ":verdict", NULL);
    json_t *check = json_object();

    watch_json_set_text(check, "componentId", state->watch);
    watch_json_set_text(check, "componentType", "component");
    watch_json_set_text(check, "observedValue", verdict_name(state->alarm.verdict));
    watch_json_set_text(check, "status", status_name(status));
    watch_json_set_time(check, "time", state->wall_last_compared_ms);
    watch_json_set_time(check, "since", state->alarm.wall_since_ms);
    watch_json_set_text(check, "reason", why);
    if (status != STATUS_PASS)
        watch_json_set_text(check, "output", output_of(state, why));
    check_add(checks, key, check);
}

static enum status check_add_outlet(json_t *checks, const struct outlet_view *outlet)
{
    const char *why;
    enum status status = status_of_outlet(outlet, &why);
    json_t *check;

    if (status == STATUS_PASS)
        return status;
    check =
        json_pack("{s:s, s:I, s:s, s:s}", "componentType", "component", "observedValue",
                  (json_int_t)(outlet->oldest_ms / 1000), "observedUnit", "s", "status", status_name(status));
    watch_json_set_text(check, "componentId", outlet->name);
    watch_json_set_text(check, "output", why);
    check_add(checks, "outbox:age", check);
    return status;
}

static enum status check_add_outlets(json_t *checks, const struct health_view *view)
{
    enum status status = STATUS_PASS;

    for (unsigned i = 0; i < view->n_outlets(view->user); i++) {
        struct outlet_view outlet;

        view->outlet(view->user, i, &outlet);
        status = worse(status, check_add_outlet(checks, &outlet));
    }
    return status;
}

static enum status check_add_store(json_t *checks, const struct daemon_view *daemon)
{
    const char *why;
    enum status status = status_of_store(daemon, &why);
    json_t *check;

    if (status == STATUS_PASS)
        return status;
    check = json_pack("{s:s, s:I, s:s, s:s}", "componentType", "datastore", "observedValue",
                      (json_int_t)daemon->store_errors_total, "observedUnit", "errors", "status",
                      status_name(status));
    watch_json_set_text(check, "output", why);
    check_add(checks, "store:errors", check);
    return status;
}

static enum status check_add_certificates(json_t *checks, const struct directory_view *view, int64_t wall_ms)
{
    g_autofree char *key = g_strconcat(view->name, ":certificate", NULL);
    enum status status = STATUS_PASS;

    for (unsigned i = 0; i < view->n_servers && i < G_N_ELEMENTS(view->servers); i++) {
        int64_t expires_s = view->servers[i].wall_certificate_expires_s;
        if (!expiry_is_near(expires_s, view->certificate_warning_ms, wall_ms))
            continue;
        status = STATUS_WARN;
        g_autofree char *sentence = expiry_sentence(view->servers[i].server, expires_s, wall_ms);
        json_t *check = json_pack("{s:s, s:I, s:s, s:s}", "componentType", "component", "observedValue",
                                  (json_int_t)(expires_s - wall_ms / 1000), "observedUnit", "s", "status",
                                  status_name(status));
        watch_json_set_text(check, "componentId", view->servers[i].server);
        watch_json_set_text(check, "output", sentence);
        check_add(checks, key, check);
    }
    return status;
}

static enum status check_add_directories(json_t *checks, const struct health_view *view)
{
    unsigned n_directories = view->n_directories(view->user);
    int64_t wall_ms = view->now(view->user).wall_ms;
    enum status status = STATUS_PASS;

    for (unsigned i = 0; i < n_directories; i++) {
        struct directory_view directory = {0};

        view->directory(view->user, i, &directory);
        status = worse(status, check_add_certificates(checks, &directory, wall_ms));
    }
    return status;
}

static void *all_begin(const struct health_view *view)
{
    struct draft *draft = g_new0(struct draft, 1);

    (void)view;
    draft->checks = json_object();
    return draft;
}

static void all_add(void *user, const struct watch_state *state, struct now now)
{
    struct draft *draft = user;
    const char *why;
    enum status status = status_of_watch(state, now, &why);

    draft->n_watches++;
    draft->n_status[status]++;
    draft->n_verdicts[state->alarm.verdict]++;
    if (status == STATUS_PASS || draft->n_checks == HEALTH_JSON_MAX_CHECKS)
        return;
    draft->n_checks++;
    check_add_watch(draft->checks, state, status, why);
}

/* The draft has room for what is ours in a check alone. */
static void check_add_counts(const struct draft *draft, enum status status)
{
    unsigned n_faulty = draft->n_status[STATUS_WARN] + draft->n_status[STATUS_FAIL];
    json_t *verdicts = json_object();
    json_t *check;

    for (unsigned i = VERDICT_NONE + 1; i < VERDICT_COUNT; i++)
        json_object_set_new(verdicts, verdict_name(i), json_integer(draft->n_verdicts[i]));
    check = json_pack("{s:s, s:o, s:s, s:s, s:I, s:I, s:I}", "componentType", "component", "observedValue",
                      verdicts, "observedUnit", "watches", "status", status_name(status), "watches",
                      (json_int_t)draft->n_watches, "unjudged", (json_int_t)draft->n_verdicts[VERDICT_NONE],
                      "unlisted", (json_int_t)(n_faulty - draft->n_checks));
    check_add(draft->checks, "watches:verdicts", check);
}

/* In a word; what it is stands in the checks. */
static json_t *all_output(const struct draft *draft, enum status others)
{
    const char *beside = others == STATUS_FAIL   ? ", other checks fail"
                         : others == STATUS_WARN ? ", other checks warn"
                                                 : "";

    return json_sprintf("%u of %u watches fail, %u warn%s", draft->n_status[STATUS_FAIL], draft->n_watches,
                        draft->n_status[STATUS_WARN], beside);
}

static char *all_finish(void *user, const struct health_view *view, int *ret_code)
{
    g_autofree struct draft *draft = user;
    struct daemon_view daemon = {0};
    enum status status = draft->n_status[STATUS_FAIL]   ? STATUS_FAIL
                         : draft->n_status[STATUS_WARN] ? STATUS_WARN
                                                        : STATUS_PASS;
    enum status others;
    json_t *health;

    check_add_counts(draft, status);
    view->daemon(view->user, false, &daemon);
    others = worse(check_add_outlets(draft->checks, view), check_add_store(draft->checks, &daemon));
    others = worse(others, check_add_directories(draft->checks, view));
    status = worse(status, others);
    health = health_new_object(status);
    if (status != STATUS_PASS)
        json_object_set_new(health, "output", all_output(draft, others));
    json_object_set_new(health, "checks", draft->checks);
    return health_print(health, status, ret_code);
}

static void all_discard(void *user)
{
    struct draft *draft = user;

    json_decref(draft->checks);
    g_free(draft);
}

const struct snapshot_kind health_json_all = {
    .type = ANSWER_HEALTH,
    .begin = all_begin,
    .add = all_add,
    .finish = all_finish,
    .discard = all_discard,
};

char *health_json_watch(const struct watch_state *state, struct now now, int *ret_code)
{
    const char *why;
    enum status status = status_of_watch(state, now, &why);
    json_t *health = health_new_object(status);
    json_t *checks = json_object();

    if (status != STATUS_PASS)
        watch_json_set_text(health, "output", output_of(state, why));
    check_add_watch(checks, state, status, why);
    json_object_set_new(health, "checks", checks);
    return health_print(health, status, ret_code);
}
