/* TLS on a connected socket, always verified: against the CA file and the name of the host (RFC 5425). */
#ifndef DNDRIFT_COURIER_TLS_H
#define DNDRIFT_COURIER_TLS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

struct tls;

/* Paths of PEM files; certificate and key may be NULL together. The socket stays the caller's. NULL and a
 * sentence. Waits. */
struct tls *tls_open(int fd, const char *host, const char *ca_file, const char *cert_file,
                     const char *key_file, GError **error);
void tls_free(struct tls *tls); /* without good-bye */

bool tls_send(struct tls *tls, const char *bytes, size_t length, GError **error);

/* Reads what has come, which nobody wants. false and a sentence: the other side has ended; *ret_is_clean: it
 * said good-bye. */
bool tls_listen(struct tls *tls, bool *ret_is_clean, GError **error);

#endif
