/* Where the daemon listens: numeric addresses with ports, and unix sockets. */
#ifndef DNDRIFT_CONFIG_ADDRESS_H
#define DNDRIFT_CONFIG_ADDRESS_H

#include "config/value.h"

#define ADDRESS_MAX_LIST 16 /* listen addresses, and host names, of one daemon */

extern const struct value_type value_addresses; /* char **: 127.0.0.1:19389 [::1]:19389 unix:/path; empty for
                                                   `none` */
extern const struct value_type value_unix_socket; /* char *: the path of unix:/path; NULL for `none` */
extern const struct value_type value_hosts; /* char **: DNS names or addresses, as a Host header has them */
#endif
