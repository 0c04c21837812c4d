/* The addresses of syslog servers on the network: udp://, tcp:// or tls:// with host and port. */
#ifndef DNDRIFT_CONFIG_COLLECTOR_H
#define DNDRIFT_CONFIG_COLLECTOR_H

#include "config/value.h"

#define COLLECTOR_MAX_LIST 8

extern const struct value_type value_collectors; /* char **, each with its port, none twice */
extern const struct value_type value_hostname;   /* char *, as RFC 5424 takes one */

bool collector_is_tls(const char *uri);
#endif
