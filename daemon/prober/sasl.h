/* The conversation of SASL GSSAPI (RFC 4752) on a connection: both sides prove who they are by a ticket. */
#ifndef DNDRIFT_PROBER_SASL_H
#define DNDRIFT_PROBER_SASL_H

#include "prober/connection.h"

/* Whether this machine has the mechanism. false: connection->failed says what to install. */
bool sasl_is_installed(struct connection *connection);

/* Binds with the ticket that kerberos_start() got. Inside TLS the login is bound to the certificate of the
 * server (RFC 5929 4); on a connection in clear a security layer is demanded. false: connection->failed is
 * set. */
bool sasl_bind(struct connection *connection, int64_t deadline_ms);
#endif
