/* From a host and a port to a connected socket. */
#ifndef DNDRIFT_COURIER_DIAL_H
#define DNDRIFT_COURIER_DIAL_H

#include <glib.h>

#define DIAL_TIMEOUT_S 10 /* for each address */

/* A connected, blocking socket of that type, of the first address that answers; -1 and a sentence. Waits. */
int dial(const char *host, const char *port, int type, GError **error);

#endif
