#include "ctl/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
    GString *body = user;

    if (body->len + size * count > CLIENT_MAX_BYTES)
        return 0;
    g_string_append_len(body, bytes, (gssize)(size * count));
    return size * count;
}

/* What to do about it, by what the system said to the connect. */
static const char *advice(long code)
{
    switch (code) {
    case ENOENT:
    case ECONNREFUSED:
        return "is dndriftd running, and with this configuration file?";
    case EACCES:
    case EPERM:
        return "the control socket is its owner's alone: run this as root or as the daemon's user";
    default:
        return "see the daemon's log";
    }
}

static void explain(CURL *curl, CURLcode code, const char *control, GError **error)
{
    long system = 0;

    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &system);
    if (code == CURLE_OPERATION_TIMEDOUT)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "the daemon did not answer on %s within %d s: is it stopped or overloaded?", control,
                    CLIENT_TIMEOUT_S);
    else if (code == CURLE_COULDNT_CONNECT && system)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot reach the daemon on %s: %s; %s",
                    control, g_strerror((int)system), advice(system));
    else if (code == CURLE_COULDNT_CONNECT)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot reach the daemon on %s: %s", control,
                    advice(ENOENT));
    else
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "the daemon gave no whole answer on %s (%s): try again", control,
                    curl_easy_strerror(code));
}

static CURLcode perform(CURL *curl, const char *control, bool is_post, const char *path, struct reply *reply)
{
    g_autofree char *url = g_strconcat("http://localhost", path, NULL);
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, control);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)CLIENT_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply->body);
    if (is_post)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->code);
    return code;
}

struct reply *client_ask(const char *control, bool is_post, const char *path, GError **error)
{
    g_autoptr(reply_t) reply = g_new0(struct reply, 1);
    CURL *curl = curl_easy_init();
    CURLcode code;

    reply->body = g_string_new(NULL);
    code = perform(curl, control, is_post, path, reply);
    if (code != CURLE_OK)
        explain(curl, code, control, error);
    curl_easy_cleanup(curl);
    return code == CURLE_OK ? g_steal_pointer(&reply) : NULL;
}

void reply_free(struct reply *reply)
{
    if (!reply)
        return;
    g_string_free(reply->body, TRUE);
    g_free(reply);
}

char *client_path(const char *watch, const char *verb)
{
    g_autofree char *name = g_uri_escape_string(watch, NULL, FALSE);

    return verb ? g_strdup_printf("/watches/%s/%s", name, verb) : g_strdup_printf("/watches/%s", name);
}

json_t *reply_json(const struct reply *reply, GError **error)
{
    json_error_t problem;
    json_t *json = json_loadb(reply->body->str, reply->body->len, 0, &problem);

    if (!json)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "the daemon's answer is not understood (%s): are dndriftd and dndriftctl of one version?",
                    problem.text);
    return json;
}
