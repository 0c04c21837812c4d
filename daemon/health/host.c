#include "health/host.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#define HOST_MAX_BYTES 255 /* RFC 1035 */

static bool is_port(const char *text)
{
    size_t length = strspn(text, "0123456789");

    return length > 0 && length <= 5 && text[length] == '\0';
}

char *host_part(const char *host)
{
    bool is_bracketed = host[0] == '[';
    const char *end = is_bracketed ? strchr(host, ']') : strchr(host, ':');
    const char *rest = end ? end + is_bracketed : "";
    size_t length = end ? (size_t)(end - host) - is_bracketed : strlen(host);

    if ((is_bracketed && !end) || length == 0 || length > HOST_MAX_BYTES)
        return NULL;
    if (rest[0] != '\0' && (rest[0] != ':' || !is_port(rest + 1)))
        return NULL;
    return g_strndup(host + is_bracketed, length);
}

static bool is_loopback(const char *name)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, name, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, name, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool host_is_allowed(const char *host, const char *const *names)
{
    g_autofree char *name = host_part(host);

    if (!name)
        return false;
    if (g_ascii_strcasecmp(name, "localhost") == 0 || is_loopback(name))
        return true;
    for (; *names; names++)
        if (g_ascii_strcasecmp(name, *names) == 0)
            return true;
    return false;
}
