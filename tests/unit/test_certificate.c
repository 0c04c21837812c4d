#define _GNU_SOURCE /* memmem() */

/* prober/certificate: the date of a certificate, whatever it is, and none out of what is no certificate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <glib.h>
#include <gnutls/x509.h>

#include "prober/certificate.h"

/* A certificate that signs itself, in DER form. */
static GByteArray *certificate_until(time_t expires_s)
{
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
    gnutls_datum_t der;

    assert_int_equal(gnutls_x509_privkey_init(&key), 0);
    assert_int_equal(gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 0, 0), 0);
    assert_int_equal(gnutls_x509_crt_init(&certificate), 0);
    gnutls_x509_crt_set_version(certificate, 3);
    gnutls_x509_crt_set_serial(certificate, "\1", 1);
    gnutls_x509_crt_set_dn(certificate, "CN=x", NULL);
    gnutls_x509_crt_set_key(certificate, key);
    gnutls_x509_crt_set_activation_time(certificate, 1000000000);
    assert_int_equal(gnutls_x509_crt_set_expiration_time(certificate, expires_s), 0);
    assert_int_equal(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA512, 0), 0);
    assert_int_equal(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der), 0);
    GByteArray *bytes = g_byte_array_append(g_byte_array_new(), der.data, der.size);
    gnutls_free(der.data);
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
    return bytes;
}

static void the_date_is_read_to_the_second(void **state)
{
    static const struct {
        int64_t expires_s;
        const char *why;
    } cases[] = {
        {1795469423, "an ordinary one"},
        {2147483647, "the last second of 32 bits"},
        {2147483648, "and the next"},
        {2524607999, "the last of UTCTime"},
        {2524608000, "the first of GeneralizedTime"},
        {4294967296, "beyond 32 bits without a sign"},
        {32503680000, "the year 3000"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) der = certificate_until(cases[i].expires_s);
        if (certificate_expires_s(der->data, der->len) != cases[i].expires_s)
            fail_msg("%s: %" G_GINT64_FORMAT, cases[i].why, certificate_expires_s(der->data, der->len));
    }
}

/* 2100-01-01, written otherwise in the DER: the signature is not looked at any more. */
static int64_t read_as(const char *date)
{
    g_autoptr(GByteArray) der = certificate_until(4102444800);
    char *place = memmem(der->data, der->len, "21000101000000Z", 15);

    assert_non_null(place);
    memcpy(place, date, 15);
    return certificate_expires_s(der->data, der->len);
}

static void a_date_is_one_or_none(void **state)
{
    static const struct {
        const char *date;
        int64_t expected_s;
        const char *why;
    } cases[] = {
        {"21000101000001Z", 4102444801, "another second"},
        {"99991231235959Z", 253402300799, "never (RFC 5280 4.1.2.5): the last second that can be written"},
        {"19690101000000Z", 0, "before time began"},
        {"00000000000000Z", 0, "no year"},
        {"xxxxxxxxxxxxxxZ", 0, "no digits"},
        {"210001010000\0\0Z", 0, "NUL bytes"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (read_as(cases[i].date) != cases[i].expected_s)
            fail_msg("%s: %" G_GINT64_FORMAT, cases[i].why, read_as(cases[i].date));
}

static void what_is_no_certificate_has_no_date(void **state)
{
    g_autoptr(GByteArray) der = certificate_until(1795469423);

    (void)state;
    assert_int_equal(certificate_expires_s(NULL, 0), 0);
    assert_int_equal(certificate_expires_s("x", 1), 0);
    for (unsigned length = 0; length < der->len; length++) {
        g_autofree uint8_t *exact = g_memdup2(der->data, length);
        assert_int_equal(certificate_expires_s(exact, length), 0);
    }
}

static void a_flipped_byte_does_no_harm(void **state)
{
    g_autoptr(GByteArray) der = certificate_until(1795469423);

    (void)state;
    for (unsigned at = 0; at < der->len; at++)
        for (unsigned mask = 1; mask < 256; mask <<= 1) {
            der->data[at] ^= (uint8_t)mask;
            int64_t expires_s = certificate_expires_s(der->data, der->len);
            assert_true(expires_s >= 0 && expires_s <= INT64_C(253402300799));
            der->data[at] ^= (uint8_t)mask;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_date_is_read_to_the_second),
        cmocka_unit_test(a_date_is_one_or_none),
        cmocka_unit_test(what_is_no_certificate_has_no_date),
        cmocka_unit_test(a_flipped_byte_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
