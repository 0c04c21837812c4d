#include "config/alertmanager.h"

#include "config/host.h"
#include "config/value_error.h"

#include <string.h>

#define HTTP  "http://"
#define HTTPS "https://"

/* The prefix that a proxy may want: what stands in a path as it is. */
static bool is_path(const char *text)
{
    return text[strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/._~%+-")] == '\0';
}

/* scheme://HOST:PORT/PREFIX without a slash at the end; NULL: it is none. */
static char *url_normalise(const char *text)
{
    bool is_tls = g_ascii_strncasecmp(text, HTTPS, strlen(HTTPS)) == 0;
    const char *scheme = is_tls ? HTTPS : HTTP;
    size_t length = strlen(scheme);
    g_autofree char *authority = NULL, *host = NULL, *lower = NULL, *path = NULL;
    unsigned port = 0;

    if (g_ascii_strncasecmp(text, scheme, length) != 0)
        return NULL;
    authority = g_strndup(text + length, strcspn(text + length, "/"));
    path = g_strdup(text + length + strlen(authority));
    while (g_str_has_suffix(path, "/"))
        path[strlen(path) - 1] = '\0';
    if (!host_split(authority, &host, &port) || !is_path(path))
        return NULL;
    lower = g_ascii_strdown(host, -1);
    return g_strdup_printf("%s%s:%u%s", scheme, lower, port ? port : is_tls ? 443 : 80, path);
}

static void add_alertmanager(GPtrArray *uris, const char *word, GError **problems)
{
    g_autofree char *uri = url_normalise(word);
    GError *problem = NULL;

    if (!uri)
        value_fail(&problem, word,
                   "is no address of an Alertmanager, expected http://HOST:PORT or https://HOST:PORT, with a "
                   "path if a proxy wants one, and a login in keys of its own");
    else if (g_ptr_array_find_with_equal_func(uris, uri, g_str_equal, NULL))
        value_fail(&problem, word, "names an Alertmanager twice, expected each once");
    if (problem)
        value_error_join(problems, problem);
    else
        g_ptr_array_add(uris, g_steal_pointer(&uri));
}

static bool parse_alertmanagers(const char *text, const struct value_limits *limits, void *target,
                                GError **error)
{
    (void)limits;
    if (!*text)
        return value_fail(error, text,
                          "names no Alertmanager, expected http://HOST:PORT or https://HOST:PORT");
    return value_parse_servers(text, ALERTMANAGER_MAX_LIST, add_alertmanager, target, error);
}

static bool is_label_name(const char *name)
{
    return !g_ascii_isdigit(*name) && *name && !g_str_has_prefix(name, "__") &&
           name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_")] == '\0';
}

/* They say which alert it is. */
static bool is_ours(const char *name)
{
    static const char *const ours[] = {"alertname", "watch", "directory", "severity", NULL};

    return g_strv_contains(ours, name);
}

static bool check_label(char **words, char **word, GError **error)
{
    const char *equals = strchr(*word, '=');
    g_autofree char *name = g_strndup(*word, equals ? (gsize)(equals - *word) : 0);

    if (!is_label_name(name) || !equals[1] || !g_utf8_validate(equals, -1, NULL))
        return value_fail(error, *word,
                          "is no label, expected NAME=VALUE, the name of letters, digits and `_`, the value "
                          "without blanks");
    if (is_ours(name))
        return value_fail(error, *word, "is a label that dndriftd sets itself, expected another name");
    for (char **other = words; other < word; other++)
        if (strncmp(*other, *word, strlen(name) + 1) == 0)
            return value_fail(error, *word, "sets a label twice, expected each once");
    return true;
}

static bool parse_labels(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    g_auto(GStrv) words = value_split_words(text);

    (void)limits;
    if (g_strv_length(words) > ALERTMANAGER_MAX_LABELS)
        return value_fail(error, text, "sets %u labels, expected at most %d", g_strv_length(words),
                          ALERTMANAGER_MAX_LABELS);
    for (char **word = words; *word; word++)
        if (!check_label(words, word, error))
            return false;
    value_set_list(target, g_steal_pointer(&words));
    return true;
}

static bool parse_link(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    char *link = url_normalise(text);

    (void)limits;
    if (!link)
        return value_fail(error, text,
                          "is no address of a page, expected one such as http://mail1.example.com:19389");
    value_set_text(target, link);
    return true;
}

bool alertmanager_is_tls(const char *uri)
{
    return g_str_has_prefix(uri, HTTPS);
}

bool alertmanager_is_here(const char *uri)
{
    const char *authority = strstr(uri, "://") + strlen("://");
    g_autofree char *host = g_strndup(authority, (gsize)(strrchr(authority, ':') - authority));

    return g_str_equal(host, "localhost") || g_str_equal(host, "[::1]") ||
           (g_str_has_prefix(host, "127.") && host_is_numeric(host));
}

const struct value_type value_alertmanagers = {"list of Alertmanagers", parse_alertmanagers};
const struct value_type value_labels = {"list of NAME=VALUE", parse_labels};
const struct value_type value_link = {"address of a page", parse_link};
