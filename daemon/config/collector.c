#include "config/collector.h"

#include "config/host.h"
#include "config/value_error.h"

#include <string.h>

static const struct {
    const char *prefix;
    unsigned port;
} schemes[] = {{"udp://", 514}, {"tcp://", 601}, {"tls://", 6514}};

/* NULL and a sentence. */
static char *collector_normalise(const char *text, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        size_t length = strlen(schemes[i].prefix);
        g_autofree char *host = NULL;
        unsigned port = 0;

        if (g_ascii_strncasecmp(text, schemes[i].prefix, length) != 0 ||
            !host_split(text + length, &host, &port))
            continue;
        return g_strdup_printf("%s%s:%u", schemes[i].prefix, host, port ? port : schemes[i].port);
    }
    value_fail(error, text,
               "is no syslog server, expected udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, an IPv6 "
               "address in brackets");
    return NULL;
}

static void add_collector(GPtrArray *uris, const char *word, GError **problems)
{
    GError *problem = NULL;
    g_autofree char *uri = collector_normalise(word, &problem);

    if (uri && g_ptr_array_find_with_equal_func(uris, uri, g_str_equal, NULL))
        value_fail(&problem, word, "names a server twice, expected each once");
    if (problem)
        value_error_join(problems, problem);
    else
        g_ptr_array_add(uris, g_steal_pointer(&uri));
}

static bool parse_collectors(const char *text, const struct value_limits *limits, void *target,
                             GError **error)
{
    (void)limits;
    return value_parse_servers(text, COLLECTOR_MAX_LIST, add_collector, target, error);
}

static bool parse_hostname(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    if (!host_is_name(text) && !host_is_numeric(text))
        return value_fail(error, text, "is no host name, expected one such as mail1.example.com");
    value_set_text(target, g_strdup(text));
    return true;
}

bool collector_is_tls(const char *uri)
{
    return g_str_has_prefix(uri, "tls://");
}

const struct value_type value_collectors = {"list of syslog servers", parse_collectors};
const struct value_type value_hostname = {"host name", parse_hostname};
