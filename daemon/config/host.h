/* HOST:PORT, as URIs and listen addresses write it, taken apart. */
#ifndef DNDRIFT_CONFIG_HOST_H
#define DNDRIFT_CONFIG_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* A DNS name: letters, digits, `.`, `-`, `_`. */
bool host_is_name(const char *host);

/* `127.0.0.1`, or `[::1]` in brackets. */
bool host_is_numeric(const char *host);

/* Splits `HOST` or `HOST:PORT`; an IPv6 address stands in brackets and keeps them. *ret_port is 0 if none is
 * written. false if the text is neither; g_free() *ret_host. */
bool host_split(const char *text, char **ret_host, unsigned *ret_port);
#endif
