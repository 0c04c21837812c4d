#include "health/route.h"

#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "health/accept.h"
#include "health/answer.h"
#include "health/control.h"
#include "health/health_json.h"
#include "health/host.h"
#include "health/watch_json.h"

#define WATCHES "/watches/"

/* evhttp lets through what no grammar allows: a header without a name, two hosts. */
static bool headers_are_sane(struct evhttp_request *request)
{
    struct evkeyval *header;
    unsigned n_hosts = 0;

    TAILQ_FOREACH(header, evhttp_request_get_input_headers(request), next)
    {
        if (header->key[0] == '\0')
            return false;
        n_hosts += g_ascii_strcasecmp(header->key, "Host") == 0;
    }
    return n_hosts <= 1;
}

/* The host as asked: in the URI, else in the header. Without any, as HTTP/1.0 allows, it is no browser. */
static bool host_is_fine(const struct site *site, struct evhttp_request *request)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *asked = evhttp_uri_get_host(uri);
    const char *header = evhttp_find_header(evhttp_request_get_input_headers(request), "Host");
    const char *const *names = (const char *const *)site->names->pdata;

    return (!asked || host_is_allowed(asked, names)) && (!header || host_is_allowed(header, names));
}

/* The path, decoded; NULL if it holds a NUL. g_free() it. */
static char *path_of(struct evhttp_request *request)
{
    const char *raw = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
    size_t length = 0;
    char *decoded = evhttp_uridecode(raw ? raw : "", 0, &length);
    char *path = decoded && strlen(decoded) == length ? g_strdup(decoded) : NULL;

    free(decoded);
    return path;
}

static void answer_ready(const struct health_view *view, struct evhttp_request *request)
{
    struct daemon_view daemon = {0};

    view->daemon(view->user, false, &daemon);
    if (daemon.is_ready)
        answer_text(request, 200, "ready");
    else
        answer_text(request, 503, "not ready: %s", daemon.unready ? daemon.unready : "starting");
}

static const struct watch_state *find_watch(const struct site *site, const char *name)
{
    return site->view.find_watch(site->view.user, name);
}

static void answer_watch(const struct site *site, struct evhttp_request *request, const char *name)
{
    const struct watch_state *state = find_watch(site, name);
    json_t *object;
    char *json;

    if (!state) {
        answer_text(request, 404, "there is no watch of that name");
        return;
    }
    object = watch_json(state, site->view.now(site->view.user));
    json = json_dumps(object, JSON_INDENT(1));
    answer_string(request, 200, ANSWER_JSON, g_strconcat(json, "\n", NULL));
    free(json);
    json_decref(object);
}

/* A health check may be kept for that long: the draft wants a lifetime, and nobody should learn of a drift
 * late. */
static void promise_freshness(struct evhttp_request *request)
{
    evhttp_add_header(evhttp_request_get_output_headers(request), "Cache-Control", "private, max-age=1");
}

static void answer_health_of(const struct site *site, struct evhttp_request *request, const char *name)
{
    const struct watch_state *state = find_watch(site, name);
    char *body;
    int code;

    if (!state) {
        answer_text(request, 404, "there is no watch of that name");
        return;
    }
    promise_freshness(request);
    body = health_json_watch(state, site->view.now(site->view.user), &code);
    answer_string(request, code, ANSWER_HEALTH, body);
}

static void answer_health_of_all(const struct site *site, struct evhttp_request *request)
{
    promise_freshness(request);
    snapshot_answer(site->pages[SITE_HEALTH], request);
}

static void answer_health(const struct site *site, struct evhttp_request *request)
{
    const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
    struct evkeyvalq parameters;
    const char *name;

    if (!query || evhttp_parse_query_str(query, &parameters) != 0) {
        answer_health_of_all(site, request);
        return;
    }
    name = evhttp_find_header(&parameters, "watch");
    if (name)
        answer_health_of(site, request, name);
    else
        answer_health_of_all(site, request);
    evhttp_clear_headers(&parameters);
}

/* All of that name, with commas between (RFC 9110, section 5.3). g_free() it. */
static char *header_join(struct evhttp_request *request, const char *name)
{
    GString *joined = g_string_new(NULL);
    struct evkeyval *header;

    TAILQ_FOREACH(header, evhttp_request_get_input_headers(request), next)
    {
        if (g_ascii_strcasecmp(header->key, name) == 0)
            g_string_append_printf(joined, "%s,", header->value);
    }
    return g_string_free(joined, FALSE);
}

static void answer_metrics(const struct site *site, struct evhttp_request *request)
{
    g_autofree char *accept = header_join(request, "Accept");
    bool is_open = accept_prefers(accept, ANSWER_OPENMETRICS, ANSWER_METRICS);

    evhttp_add_header(evhttp_request_get_output_headers(request), "Vary", "Accept");
    snapshot_answer(site->pages[is_open ? SITE_OPENMETRICS : SITE_METRICS], request);
}

static void answer_read(const struct site *site, struct evhttp_request *request, const char *path)
{
    if (strcmp(path, "/livez") == 0)
        answer_text(request, 200, "ok");
    else if (strcmp(path, "/readyz") == 0)
        answer_ready(&site->view, request);
    else if (strcmp(path, "/health") == 0)
        answer_health(site, request);
    else if (strcmp(path, "/metrics") == 0)
        answer_metrics(site, request);
    else if (strcmp(path, "/watches") == 0)
        snapshot_answer(site->pages[SITE_WATCHES], request);
    else if (g_str_has_prefix(path, WATCHES))
        answer_watch(site, request, path + strlen(WATCHES));
    else if (strcmp(path, "/history") == 0)
        history_answer(site->history, request);
    else if (strcmp(path, "/") == 0)
        snapshot_answer(site->pages[SITE_PEOPLE], request);
    else
        answer_text(request, 404,
                    "not found; there are / /livez /readyz /health /metrics /watches /watches/NAME /history");
}

void route_answer(struct site *site, enum door door, struct evhttp_request *request)
{
    enum evhttp_cmd_type method = evhttp_request_get_command(request);
    bool is_read = method == EVHTTP_REQ_GET || method == EVHTTP_REQ_HEAD;
    g_autofree char *path = path_of(request);

    if (!path || !headers_are_sane(request))
        answer_text(request, 400, "no such request is understood here");
    else if (door == DOOR_TCP && !host_is_fine(site, request))
        answer_text(request, 421, "this host name is not served; name it under allow_host in [health]");
    else if (door == DOOR_CONTROL && method == EVHTTP_REQ_POST)
        control_answer(&site->view, request, path);
    else if (is_read)
        answer_read(site, request, path);
    else
        answer_not_allowed(request, door == DOOR_CONTROL ? "GET, HEAD, POST" : "GET, HEAD");
}
