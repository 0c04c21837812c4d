#include "courier/http.h"

#include <curl/curl.h>
#include <string.h>

#include "dn/text.h"
#include "prober/password.h"

struct http {
    CURL *curl;
    struct curl_slist *headers;
    GString *answer;
    char problem[CURL_ERROR_SIZE];
};

/* What became of a request. */
enum fate { FATE_TAKEN, FATE_REFUSED, FATE_FAILED };

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
    struct http *http = user;
    size_t length = size * count;

    if (http->answer->len + length > HTTP_MAX_ANSWER)
        return 0;
    g_string_append_len(http->answer, bytes, (gssize)length);
    return length;
}

/* Anything else would break the header, which the server would take for a fault of the post. */
static bool is_token(const char *text)
{
    while (g_ascii_isgraph(*text))
        text++;
    return *text == '\0';
}

static bool read_secret(const struct order *order, struct password *ret_secret, GError **error)
{
    bool is_of_token = *order->token_file;

    if (!password_read(is_of_token ? order->token_file : order->password_file, ret_secret, error))
        return false;
    ret_secret->bytes[ret_secret->length] = '\0';
    if (!is_of_token || is_token(ret_secret->bytes))
        return true;
    password_clear(ret_secret);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "the file %s holds no bearer token, expected one line without blanks", order->token_file);
    return false;
}

static bool http_show_password(struct http *http, const struct order *order, GError **error)
{
    struct password secret;

    if (!*order->token_file && !*order->password_file)
        return true;
    if (!read_secret(order, &secret, error))
        return false;
    if (*order->token_file) {
        curl_easy_setopt(http->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        curl_easy_setopt(http->curl, CURLOPT_XOAUTH2_BEARER, secret.bytes);
    } else {
        curl_easy_setopt(http->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(http->curl, CURLOPT_USERNAME, order->user);
        curl_easy_setopt(http->curl, CURLOPT_PASSWORD, secret.bytes);
    }
    password_clear(&secret);
    return true;
}

static void http_set_tls(struct http *http, const struct order *order)
{
    curl_easy_setopt(http->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (*order->ca_file)
        curl_easy_setopt(http->curl, CURLOPT_CAINFO, order->ca_file);
    curl_easy_setopt(http->curl, CURLOPT_CAPATH, NULL);
    if (*order->cert_file) {
        curl_easy_setopt(http->curl, CURLOPT_SSLCERT, order->cert_file);
        curl_easy_setopt(http->curl, CURLOPT_SSLKEY, order->key_file);
    }
}

/* Without Expect: many a server and proxy answers it late or never. */
static void http_set_limits(struct http *http)
{
    http->headers = curl_slist_append(NULL, "Content-Type: application/json");
    http->headers = curl_slist_append(http->headers, "Expect:");
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, http->headers);
    curl_easy_setopt(http->curl, CURLOPT_USERAGENT, "dndriftd");
    curl_easy_setopt(http->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(http->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(http->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(http->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(http->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(http->curl, CURLOPT_CONNECTTIMEOUT, (long)HTTP_CONNECT_S);
    curl_easy_setopt(http->curl, CURLOPT_TIMEOUT, (long)HTTP_TIMEOUT_S);
    curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, http);
    curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, http->problem);
}

static void http_free(struct http *http)
{
    if (!http)
        return;
    curl_slist_free_all(http->headers);
    curl_easy_cleanup(http->curl);
    g_string_free(http->answer, TRUE);
    g_free(http);
}

typedef struct http http_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(http_t, http_free)

static struct http *http_open(const struct order *order, GError **error)
{
    g_autoptr(http_t) http = g_new0(struct http, 1);

    http->curl = curl_easy_init();
    http->answer = g_string_new(NULL);
    curl_easy_setopt(http->curl, CURLOPT_URL, order->uri);
    http_set_limits(http);
    http_set_tls(http, order);
    return http_show_password(http, order, error) ? g_steal_pointer(&http) : NULL;
}

/* An Alertmanager says in JSON what is wrong with a post; a server that wants TLS, or a certificate, does
 * not.
 */
static bool http_is_json(const struct http *http)
{
    const char *type = NULL;

    curl_easy_getinfo(http->curl, CURLINFO_CONTENT_TYPE, &type);
    return type && g_ascii_strncasecmp(type, "application/json", strlen("application/json")) == 0;
}

/* Those of 4xx that are about the address or the login, or about the moment: the post is as good as before.
 */
static bool http_is_of_post(const struct http *http, long status)
{
    static const long others[] = {401, 403, 404, 405, 407, 408, 421, 425, 426, 429};

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (status == others[i])
            return false;
    return status == 400 ? http_is_json(http) : status > 400 && status < 500;
}

static const char *http_hint(const struct http *http, long status)
{
    if (status == 400 && !http_is_json(http))
        return ", but not as an Alertmanager does, expected the address of one, http:// or https://, in uri";
    if (status == 401 || status == 403)
        return ", expected it to take what user and password_file, or bearer_token_file, say";
    if (status >= 300 && status < 400)
        return ", which is not followed, expected the address of Alertmanager itself in uri";
    return status == 404 || status == 405 ? ", expected the address of an Alertmanager in uri" : "";
}

static char *http_tell_status(const struct http *http, long status)
{
    size_t length = MIN(http->answer->len, HTTP_MAX_SHOWN);
    g_autofree char *shown = text_clean(http->answer->str, length);

    g_strstrip(shown);
    return g_strdup_printf("it answered %ld%s%s%s", status, http_hint(http, status), *shown ? ": " : "",
                           shown);
}

static char *http_tell_failure(const struct http *http, CURLcode code)
{
    if (code == CURLE_WRITE_ERROR)
        return g_strdup_printf("its answer has no end within %d bytes", HTTP_MAX_ANSWER);
    if (code == CURLE_OUT_OF_MEMORY) /* so libcurl calls it */
        return g_strdup("a line of its answer has no end, or memory is short");
    return g_strdup(*http->problem ? http->problem : curl_easy_strerror(code));
}

static enum fate http_post(struct http *http, const struct post *post, char **ret_why)
{
    long status = 0;
    CURLcode code;

    g_string_truncate(http->answer, 0);
    *http->problem = '\0';
    curl_easy_setopt(http->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE, (long)post->length);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, post->bytes);
    code = curl_easy_perform(http->curl);
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status >= 200 && status < 300)
        return FATE_TAKEN;
    *ret_why = code == CURLE_OK ? http_tell_status(http, status) : http_tell_failure(http, code);
    return code == CURLE_OK && http_is_of_post(http, status) ? FATE_REFUSED : FATE_FAILED;
}

/* false: the daemon has to start another one. */
static bool http_send(struct http *http, const struct desk *desk, const struct post *post)
{
    g_autofree char *why = NULL;
    enum fate fate = http_post(http, post, &why);

    if (fate == FATE_TAKEN)
        desk_tell_taken(desk, post->number);
    else if (fate == FATE_REFUSED)
        desk_tell_refused(desk, post->number, why);
    else
        desk_tell_end(desk, "failed", why);
    return fate != FATE_FAILED;
}

void http_carry(struct desk *desk, const struct order *order)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(http_t) http = http_open(order, &error);
    bool goes_on = http != NULL;
    struct post post;

    if (error)
        desk_tell_end(desk, "failed", error->message);
    while (goes_on && desk_read(desk))
        while (goes_on && desk_take(desk, &post))
            goes_on = http_send(http, desk, &post);
}
