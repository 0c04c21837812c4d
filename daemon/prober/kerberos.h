/* The tickets for one login: got from a KDC with the key of a keytab, kept in the memory of this process for
 * as long as the login takes. Nothing of them is ever written to a disk. */
#ifndef DNDRIFT_PROBER_KERBEROS_H
#define DNDRIFT_PROBER_KERBEROS_H

#include "prober/connection.h"

struct kerberos;

/* Gets a ticket for the server of the connection, under the name that its URI gives it, and sets when the
 * connection ends. GSSAPI finds it until kerberos_end(). NULL: connection->failed is set. A KDC that is
 * silent ends the process with its last words at deadline_ms. */
struct kerberos *kerberos_start(struct connection *connection, int64_t deadline_ms);
void kerberos_end(struct kerberos *kerberos);
#endif
