/* The names under which the endpoint may be asked: what keeps a page in somebody's browser from reading it by
 * DNS rebinding. Pure. */
#ifndef DNDRIFT_HEALTH_HOST_H
#define DNDRIFT_HEALTH_HOST_H

#include <stdbool.h>

/* Whether `host` (a Host header: name, IPv4 or [IPv6], each with or without :port) is localhost, a loopback
 * address, or one of the names; `names` is NULL-terminated, literal IPv6 without brackets. */
bool host_is_allowed(const char *host, const char *const *names);

/* The host part of a Host header or a listen address, without port and brackets; NULL if it has none or is no
 * such text. g_free() it. */
char *host_part(const char *host);
#endif
