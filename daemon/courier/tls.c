#include "courier/tls.h"

#include <errno.h>
#include <glib-unix.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define HANDSHAKE_MS 10000
#define LISTEN_MS    100 /* for the rest of a record that has begun */

struct tls {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
};

static bool fail(GError **error, const char *what, const char *why)
{
    g_set_error(error, G_UNIX_ERROR, 0, "%s: %s", what, why);
    return false;
}

static bool tls_load(struct tls *tls, const char *ca_file, const char *cert_file, const char *key_file,
                     GError **error)
{
    int problem;

    gnutls_certificate_allocate_credentials(&tls->credentials);
    problem = gnutls_certificate_set_x509_trust_file(tls->credentials, ca_file, GNUTLS_X509_FMT_PEM);
    if (problem == GNUTLS_E_FILE_ERROR)
        return fail(error, ca_file, g_strerror(errno));
    if (problem <= 0)
        return fail(error, ca_file, problem < 0 ? gnutls_strerror(problem) : "there is no certificate in it");
    if (!cert_file)
        return true;
    problem =
        gnutls_certificate_set_x509_key_file(tls->credentials, cert_file, key_file, GNUTLS_X509_FMT_PEM);
    return problem >= 0 || fail(error, key_file, gnutls_strerror(problem));
}

static void tls_begin(struct tls *tls, int fd, const char *host)
{
    gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_set_default_priority(tls->session);
    gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
    if (!g_hostname_is_ip_address(host))
        gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, host, strlen(host));
    gnutls_session_set_verify_cert(tls->session, host, 0);
    gnutls_transport_set_int(tls->session, fd);
    gnutls_handshake_set_timeout(tls->session, HANDSHAKE_MS);
}

static bool tls_fail_handshake(const struct tls *tls, int problem, GError **error)
{
    const char *what = "TLS failed";
    gnutls_datum_t text = {0};

    if (problem == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR &&
        gnutls_certificate_verification_status_print(gnutls_session_get_verify_cert_status(tls->session),
                                                     GNUTLS_CRT_X509, &text, 0) >= 0)
        fail(error, what, g_strchomp((char *)text.data));
    else if (problem == GNUTLS_E_FATAL_ALERT_RECEIVED)
        fail(error, "TLS failed, the server says", gnutls_alert_get_name(gnutls_alert_get(tls->session)));
    else
        fail(error, what, gnutls_strerror(problem));
    gnutls_free(text.data);
    return false;
}

static bool tls_shake_hands(const struct tls *tls, GError **error)
{
    int problem;

    do
        problem = gnutls_handshake(tls->session);
    while (problem < 0 && gnutls_error_is_fatal(problem) == 0);
    return problem >= 0 || tls_fail_handshake(tls, problem, error);
}

struct tls *tls_open(int fd, const char *host, const char *ca_file, const char *cert_file,
                     const char *key_file, GError **error)
{
    const struct timeval patience = {.tv_usec = LISTEN_MS * 1000};
    struct tls *tls = g_new0(struct tls, 1);

    if (tls_load(tls, ca_file, cert_file, key_file, error)) {
        tls_begin(tls, fd, host);
        if (tls_shake_hands(tls, error)) {
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            return tls;
        }
    }
    tls_free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    if (tls->session)
        gnutls_deinit(tls->session);
    gnutls_certificate_free_credentials(tls->credentials);
    g_free(tls);
}

bool tls_send(struct tls *tls, const char *bytes, size_t length, GError **error)
{
    while (length > 0) {
        ssize_t n = gnutls_record_send(tls->session, bytes, length);

        if (n < 0 && gnutls_error_is_fatal((int)n))
            return fail(error, "the connection broke", gnutls_strerror((int)n));
        bytes += MAX(n, 0);
        length -= (size_t)MAX(n, 0);
    }
    return true;
}

bool tls_listen(struct tls *tls, bool *ret_is_clean, GError **error)
{
    char unwanted[1024];
    ssize_t n = gnutls_record_recv(tls->session, unwanted, sizeof unwanted);

    if (n > 0 || (n < 0 && !gnutls_error_is_fatal((int)n)))
        return true;
    *ret_is_clean = n == 0 || n == GNUTLS_E_PREMATURE_TERMINATION;
    return fail(error, "the server closed the connection", n == 0 ? "good-bye" : gnutls_strerror((int)n));
}
