/* What a server's certificate says of itself: when it expires. */
#ifndef DNDRIFT_PROBER_CERTIFICATE_H
#define DNDRIFT_PROBER_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

/* notAfter (RFC 5280 4.1.2.5) of a certificate in DER form, in Unix time. 0: it is none, or its date makes no
 * sense. */
int64_t certificate_expires_s(const void *der, size_t n_bytes);
#endif
