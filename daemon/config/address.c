#include "config/address.h"

#include "config/host.h"
#include "config/value_error.h"

#include <string.h>
#include <sys/un.h>

static const char unix_prefix[] = "unix:";

/* NULL unless the text is `unix:/path`; points into it. */
static const char *unix_path(const char *text)
{
    const char *path = text + strlen(unix_prefix);
    bool is_unix = g_str_has_prefix(text, unix_prefix) && *path == '/' && path[1];

    return is_unix && strlen(path) < sizeof((struct sockaddr_un *)NULL)->sun_path ? path : NULL;
}

static bool is_numeric_address(const char *text)
{
    g_autofree char *host = NULL;
    unsigned port = 0;

    return host_split(text, &host, &port) && port > 0 && host_is_numeric(host);
}

static bool check_address(const char *text, GError **error)
{
    return unix_path(text) || is_numeric_address(text) ||
           value_fail(error, text,
                      "is no address to listen on, expected ADDRESS:PORT with a numeric address, "
                      "[IPV6]:PORT, unix:/path (107 bytes at most), or none");
}

static bool check_host(const char *text, GError **error)
{
    return host_is_name(text) || host_is_numeric(text) ||
           value_fail(error, text, "is no host name, expected a name such as mon.example.com, without port");
}

static bool check_word(char **words, char **word, bool (*check)(const char *, GError **), GError **error)
{
    for (char **earlier = words; earlier < word; earlier++)
        if (g_str_equal(*earlier, *word))
            return value_fail(error, *word, "stands twice in the list, expected each once");
    return check(*word, error);
}

static bool parse_list(const char *text, bool (*check)(const char *, GError **), void *target, GError **error)
{
    g_auto(GStrv) words = value_split_words(text);
    g_autoptr(GError) problems = NULL;

    if (g_strv_length(words) > ADDRESS_MAX_LIST)
        return value_fail(error, text, "has %u parts, expected at most %d", g_strv_length(words),
                          ADDRESS_MAX_LIST);
    for (char **word = words; *word; word++) {
        GError *problem = NULL;

        if (!check_word(words, word, check, &problem))
            value_error_join(&problems, problem);
    }
    if (problems) {
        g_propagate_error(error, g_steal_pointer(&problems));
        return false;
    }
    value_set_list(target, g_steal_pointer(&words));
    return true;
}

static bool parse_addresses(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    return parse_list(g_str_equal(text, "none") ? "" : text, check_address, target, error);
}

static bool parse_hosts(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    return parse_list(text, check_host, target, error);
}

static bool parse_unix_socket(const char *text, const struct value_limits *limits, void *target,
                              GError **error)
{
    const char *path = unix_path(text);

    (void)limits;
    if (!path && !g_str_equal(text, "none"))
        return value_fail(error, text, "is no unix socket, expected unix:/path (107 bytes at most), or none");
    value_set_text(target, g_strdup(path));
    return true;
}

const struct value_type value_addresses = {"list of addresses, or none", parse_addresses};
const struct value_type value_unix_socket = {"unix:/path, or none", parse_unix_socket};
const struct value_type value_hosts = {"list of host names", parse_hosts};
