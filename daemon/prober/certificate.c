#include "prober/certificate.h"

#include <gnutls/x509.h>
#include <limits.h>

#include "directory/wire.h"

int64_t certificate_expires_s(const void *der, size_t n_bytes)
{
    const gnutls_datum_t bytes = {(unsigned char *)der, (unsigned)MIN(n_bytes, UINT_MAX)};
    gnutls_x509_crt_t certificate;
    int64_t expires_s = 0;

    if (gnutls_x509_crt_init(&certificate) < 0)
        return 0;
    if (gnutls_x509_crt_import(certificate, &bytes, GNUTLS_X509_FMT_DER) >= 0)
        expires_s = gnutls_x509_crt_get_expiration_time(certificate);
    gnutls_x509_crt_deinit(certificate);
    return expires_s > 0 && expires_s <= WIRE_MAX_EXPIRY_S ? expires_s : 0;
}
