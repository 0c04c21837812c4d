#include "config/host.h"

#include <glib.h>
#include <string.h>

enum { HOST_MAX_BYTES = 253 }; /* RFC 1035 */

bool host_is_name(const char *host)
{
    size_t length = strspn(host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-");

    return length > 0 && length <= HOST_MAX_BYTES && host[length] == '\0' && *host != '-' && *host != '.' &&
           !strstr(host, "..");
}

bool host_is_numeric(const char *host)
{
    size_t length = strlen(host);

    if (*host != '[')
        return g_hostname_is_ip_address(host) && !strchr(host, ':');
    g_autofree char *inside = length > 2 ? g_strndup(host + 1, length - 2) : g_strdup("");

    return host[length - 1] == ']' && strchr(inside, ':') && g_hostname_is_ip_address(inside);
}

static bool port_parse(const char *text, unsigned *ret_port)
{
    guint64 port = 0;

    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT16, &port, NULL))
        return false;
    *ret_port = (unsigned)port;
    return true;
}

/* More than one colon without brackets is an address whose port cannot be told apart. */
static const char *find_port(const char *text)
{
    const char *bracket = *text == '[' ? strchr(text, ']') : NULL;
    const char *colon = strchr(bracket ? bracket : text, ':');

    return colon;
}

bool host_split(const char *text, char **ret_host, unsigned *ret_port)
{
    const char *colon = find_port(text);
    g_autofree char *host = colon ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
    unsigned port = 0;

    if (*host == '[' ? !host_is_numeric(host) : !host_is_name(host))
        return false;
    if (colon && !port_parse(colon + 1, &port))
        return false;
    *ret_host = g_steal_pointer(&host);
    *ret_port = port;
    return true;
}
