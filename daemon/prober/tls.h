/* TLS on a connection: always verified, against the CA file and the host of the URI. There is no way round it
 * and no way back to plain text. */
#ifndef DNDRIFT_PROBER_TLS_H
#define DNDRIFT_PROBER_TLS_H

#include "prober/connection.h"

/* is_at_once: ldaps; else StartTLS (RFC 4511 4.14) is asked for first. false: connection->failed is set. */
bool tls_start(struct connection *connection, bool is_at_once, int64_t deadline_ms);
#endif
