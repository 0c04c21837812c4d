#include "config/uri.h"

#include "config/host.h"
#include "config/value_error.h"
#include "dn/domain.h"
#include "dn/parse.h"

#include <string.h>
#include <sys/un.h>

static const struct {
    const char *prefix;
    unsigned port;
} schemes[] = {{"ldap://", 389}, {"ldaps://", 636}};

static const char local_prefix[] = "ldapi://";
static const char domain_prefix[] = "ldap:///";

static char *fail(const char *text, const char *expected, GError **error)
{
    value_fail(error, text, "is no URI of a directory server, expected %s", expected);
    return NULL;
}

/* ldapi:// and the path of a socket, its slashes as %2F. */
static char *normalise_local(const char *text, GError **error)
{
    const char *host = text + strlen(local_prefix);
    g_autofree char *path = g_uri_unescape_string(host, NULL);

    if (*host == '/' && host[1]) {
        g_autofree char *escaped = g_uri_escape_string(host, NULL, FALSE);
        g_autofree char *expected = g_strdup_printf("%s%s", local_prefix, escaped);

        return fail(text, expected, error);
    }
    if (!path || *path != '/' || strchr(host, '/') || strchr(host, '?'))
        return fail(text, "ldapi://%2Fpath%2Fto%2Fsocket", error);
    if (strlen(path) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
        return fail(text, "a path of at most 107 bytes", error);
    g_autofree char *escaped = g_uri_escape_string(path, NULL, FALSE);

    return g_strdup_printf("%s%s", local_prefix, escaped);
}

/* The DN of a domain in place of a host. DNS tells of servers for ldap:// alone. */
static char *normalise_domain(const char *text, size_t scheme, GError **error)
{
    g_autofree char *name = g_uri_unescape_string(text + strlen(schemes[scheme].prefix) + 1, NULL);
    g_autoptr(dn_t) dn = name ? dn_parse(name, NULL, NULL) : NULL;
    g_autofree char *domain = dn ? domain_of_dn(dn) : NULL;
    g_autofree char *written = domain ? domain_to_dn(domain) : NULL;

    if (!domain)
        value_fail(error, text,
                   "asks DNS for the servers of a domain, expected its DN of dc= alone, such as "
                   "%sdc=example,dc=com",
                   domain_prefix);
    else if (scheme != 0)
        value_fail(error, text,
                   "asks DNS for servers, which names none for ldaps, expected %s%s with start_tls = yes",
                   domain_prefix, written);
    else
        return g_strconcat(domain_prefix, written, NULL);
    return NULL;
}

static char *normalise_remote(const char *text, size_t scheme, GError **error)
{
    const char *prefix = schemes[scheme].prefix;
    g_autofree char *rest = g_strdup(text + strlen(prefix));
    g_autofree char *host = NULL;
    unsigned port = 0;

    if (*rest == '/' && rest[1])
        return normalise_domain(text, scheme, error);
    if (g_str_has_suffix(rest, "/"))
        rest[strlen(rest) - 1] = '\0';
    if (!host_split(rest, &host, &port))
        return fail(text,
                    strpbrk(rest, "/?") ? "scheme://HOST:PORT without path and query"
                                        : "HOST or HOST:PORT behind ://, an IPv6 address in brackets",
                    error);
    return g_strdup_printf("%s%s:%u", prefix, host, port ? port : schemes[scheme].port);
}

char *uri_normalise(const char *text, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (g_ascii_strncasecmp(text, schemes[i].prefix, strlen(schemes[i].prefix)) == 0)
            return normalise_remote(text, i, error);
    if (g_ascii_strncasecmp(text, local_prefix, strlen(local_prefix)) == 0)
        return normalise_local(text, error);
    return fail(text, "ldap://, ldaps:// or ldapi:// at its beginning", error);
}

bool uri_is_plain(const char *uri)
{
    return g_str_has_prefix(uri, "ldap://");
}

bool uri_is_local(const char *uri)
{
    return g_str_has_prefix(uri, local_prefix);
}

bool uri_is_domain(const char *uri)
{
    return g_str_has_prefix(uri, domain_prefix);
}

static bool contains(GPtrArray *uris, const char *uri)
{
    for (guint i = 0; i < uris->len; i++)
        if (g_ascii_strcasecmp(g_ptr_array_index(uris, i), uri) == 0)
            return true;
    return false;
}

static void add_uri(GPtrArray *uris, const char *word, GError **problems)
{
    GError *problem = NULL;
    g_autofree char *uri = uri_normalise(word, &problem);

    if (uri && contains(uris, uri))
        value_fail(&problem, word, "names %s twice, expected each once",
                   uri_is_domain(uri) ? "a domain" : "a server");
    if (problem)
        value_error_join(problems, problem);
    else
        g_ptr_array_add(uris, g_steal_pointer(&uri));
}

static bool parse_uris(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    return value_parse_servers(text, URI_MAX_LIST, add_uri, target, error);
}

const struct value_type value_uris = {"list of URIs", parse_uris};
