/* Who we are to the server: anonymous, a DN with a password, whom the transport vouches for, or a principal
 * of Kerberos. */
#ifndef DNDRIFT_PROBER_LOGIN_H
#define DNDRIFT_PROBER_LOGIN_H

#include "prober/connection.h"

/* Binds as the setup says. A password goes over an unprotected connection only if that is allowed in so many
 * words. false: connection->failed is set. */
bool login(struct connection *connection, int64_t deadline_ms);
#endif
