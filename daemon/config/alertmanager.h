/* What is said of Alertmanagers: their addresses, labels of one's own, and where our pages are. */
#ifndef DNDRIFT_CONFIG_ALERTMANAGER_H
#define DNDRIFT_CONFIG_ALERTMANAGER_H

#include "config/value.h"

#define ALERTMANAGER_MAX_LIST   8 /* members of a cluster */
#define ALERTMANAGER_MAX_LABELS 16

extern const struct value_type value_alertmanagers; /* char **: scheme://HOST:PORT/PREFIX, none twice */
extern const struct value_type value_labels;        /* char **: NAME=VALUE, no name twice */
extern const struct value_type value_link;          /* char *: http:// or https://, without the last slash */

bool alertmanager_is_tls(const char *uri);
bool alertmanager_is_here(const char *uri); /* on this host: nobody listens in between */

#endif
