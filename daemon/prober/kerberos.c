#define _GNU_SOURCE /* memfd_create() */
#include "prober/kerberos.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "prober/keytab.h"
#include "prober/last_words.h"
#include "prober/result.h"

#define SERVICE "ldap"
#define CACHE   "MEMORY:dndrift-prober"

struct kerberos {
    krb5_context context;
    krb5_ccache cache;
    struct keytab keytab;
    int settings; /* descriptor of our own */
};

/* What we insist on whatever krb5.conf says: DNS, which anybody may forge, is not asked who the server is. */
static const char strict_settings[] = "[libdefaults]\n"
                                      "dns_canonicalize_hostname = false\n"
                                      "rdns = false\n";

/* How the library comes by its configuration and its cache: by variables alone. */
static bool set_environment(struct kerberos *kerberos, const char *krb5_conf)
{
    size_t size = sizeof strict_settings - 1;

    kerberos->settings = memfd_create("krb5.conf", MFD_CLOEXEC);
    if (kerberos->settings < 0 || write(kerberos->settings, strict_settings, size) != (ssize_t)size)
        return false;
    /* Of two files that say something the first is heard. */
    g_autofree char *files = g_strdup_printf("/proc/self/fd/%d:%s", kerberos->settings, krb5_conf);
    return setenv("KRB5_CONFIG", files, 1) == 0 && setenv("KRB5CCNAME", CACHE, 1) == 0;
}

static void fail(struct connection *connection, const char *what)
{
    failure_set(&connection->failed.failure, PHASE_BIND, REASON_BIND, 0, "%s", what);
}

#define WRONG_KEY "the key in the keytab is not, or no longer, its key: export the keytab anew"
#define NO_KIND   "the keytab holds no key of a kind that the KDC takes: export one with AES keys"
#define CLOCKS    "the clock here and the clock of the KDC differ too much: set them right"

/* What a KDC answers, or the library finds out, said so that somebody can act on it. A wrong key alone is
 * counted by a KDC; what else it refuses it refuses before it looks at the key. */
static const struct {
    krb5_error_code code;
    bool is_credentials;
    const char *sentence;
} refusals[] = {
    {KRB5KDC_ERR_PREAUTH_FAILED, true, WRONG_KEY},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, true, WRONG_KEY},
    {KRB5KDC_ERR_CLIENT_REVOKED, false,
     "the KDC says that it is locked, disabled or expired, or may not log in at this time"},
    {KRB5KDC_ERR_KEY_EXP, false,
     "the KDC says that its password has expired: set a new one, and export the keytab anew"},
    {KRB5KDC_ERR_NAME_EXP, false, "the KDC says that it has expired"},
    {KRB5KDC_ERR_POLICY, false, "the KDC says that its policy forbids it"},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, false,
     "the KDC does not know it: principal or the keytab has to name an account of that realm"},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, false,
     "the KDC does not know such a server: uri has to give its own name"},
    {KRB5KDC_ERR_ETYPE_NOSUPP, false, NO_KIND},
    {KRB5_KT_NOTFOUND, false, NO_KIND},
    {KRB5_KT_KVNONOTFOUND, false, WRONG_KEY},
    {KRB5KRB_AP_ERR_TKT_EXPIRED, false,
     "its tickets end too soon: ticket_lifetime in krb5_conf has to be more than two minutes"},
    {KRB5KRB_AP_ERR_SKEW, false, CLOCKS},
    {KRB5_KDCREP_SKEW, false, CLOCKS},
    {KRB5_KDC_UNREACH, false,
     "no KDC of its realm can be reached: check those of krb5_conf or DNS, and the way to their port 88"},
    {KRB5_REALM_UNKNOWN, false, "no KDC of its realm is known: krb5_conf or DNS has to name one"},
};

/* target: what the ticket was for; NULL: for a start. */
static void refuse(struct kerberos *kerberos, struct connection *connection, const char *target,
                   krb5_error_code code)
{
    const char *said = krb5_get_error_message(kerberos->context, code), *sentence = said;

    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (refusals[i].code == code) {
            sentence = refusals[i].sentence;
            connection->failed.is_credentials = refusals[i].is_credentials;
        }
    failure_set(&connection->failed.failure, PHASE_BIND, REASON_BIND, 0, "%s gets no ticket%s%s: %s",
                kerberos->keytab.principal_name, target ? " for " : "", target ? target : "", sentence);
    krb5_free_error_message(kerberos->context, said);
}

/* The ticket-granting ticket, into the cache. */
static krb5_error_code get_first_ticket(struct kerberos *kerberos)
{
    krb5_context context = kerberos->context;
    krb5_get_init_creds_opt *options = NULL;
    krb5_creds credentials = {0};

    krb5_error_code code = krb5_cc_resolve(context, CACHE, &kerberos->cache);
    if (!code)
        code = krb5_get_init_creds_opt_alloc(context, &options);
    if (code)
        return code;
    krb5_get_init_creds_opt_set_forwardable(options, 0);
    krb5_get_init_creds_opt_set_proxiable(options, 0);
    code = krb5_get_init_creds_opt_set_out_ccache(context, options, kerberos->cache);
    if (!code)
        code = krb5_get_init_creds_keytab(context, &credentials, kerberos->keytab.principal,
                                          kerberos->keytab.handle, 0, NULL, options);
    krb5_free_cred_contents(context, &credentials);
    krb5_get_init_creds_opt_free(context, options);
    return code;
}

/* At nine tenths of its life: a server may close a connection whose ticket has ended, and would do so in the
 * middle of a round. Times of Kerberos are seconds of 32 bits that run on beyond 2038. */
static int64_t end_of(struct kerberos *kerberos, const krb5_creds *ticket)
{
    krb5_timestamp now = 0;

    krb5_timeofday(kerberos->context, &now);
    int64_t left_s = (int32_t)((uint32_t)ticket->times.endtime - (uint32_t)now);
    return g_get_monotonic_time() / 1000 + MAX(left_s, 0) * 900;
}

/* The ticket for the server, into the cache: GSSAPI then need not ask the KDC, which tells it less. */
static krb5_error_code get_ticket(struct kerberos *kerberos, struct connection *connection)
{
    krb5_context context = kerberos->context;
    krb5_creds wanted = {.client = kerberos->keytab.principal}, *ticket = NULL;

    krb5_error_code code =
        krb5_sname_to_principal(context, connection->host, SERVICE, KRB5_NT_SRV_HST, &wanted.server);
    if (!code)
        code = krb5_get_credentials(context, 0, kerberos->cache, &wanted, &ticket);
    if (!code) {
        connection->ends_ms = end_of(kerberos, ticket);
        krb5_free_creds(context, ticket);
    }
    krb5_free_principal(context, wanted.server);
    return code;
}

static bool get_tickets(struct kerberos *kerberos, struct connection *connection)
{
    g_autofree char *target = g_strdup_printf(SERVICE "/%s", connection->host);

    krb5_error_code code = get_first_ticket(kerberos);
    if (code) {
        refuse(kerberos, connection, NULL, code);
        return false;
    }
    code = get_ticket(kerberos, connection);
    if (code)
        refuse(kerberos, connection, target, code);
    return code == 0;
}

static bool ask_kdc(struct kerberos *kerberos, struct connection *connection, int64_t deadline_ms)
{
    const char *name = kerberos->keytab.principal_name;
    struct failure late = {0};

    failure_set(&late, PHASE_BIND, REASON_TIMEOUT, 0, "%s gets no ticket: no KDC answered in time", name);
    struct last_words *words = last_words_arm(connection->parent, &late, deadline_ms);
    bool is_done = get_tickets(kerberos, connection);
    last_words_disarm(words);
    failure_clear(&late);
    return is_done;
}

static bool prepare(struct kerberos *kerberos, struct connection *connection)
{
    const struct wire_setup *setup = connection->setup;
    g_autoptr(GError) error = NULL;

    if (access(setup->krb5_conf, R_OK) != 0 && errno != ENOENT) { /* without one DNS is asked for the KDCs */
        failure_set(&connection->failed.failure, PHASE_BIND, REASON_BIND, 0, "%s cannot be read: %s",
                    setup->krb5_conf, g_strerror(errno));
        return false;
    }
    if (!set_environment(kerberos, setup->krb5_conf)) {
        fail(connection, "the settings of Kerberos cannot be made");
        return false;
    }
    krb5_error_code code = krb5_init_context(&kerberos->context);
    if (code) {
        const char *why = krb5_get_error_message(NULL, code);
        failure_set(&connection->failed.failure, PHASE_BIND, REASON_BIND, 0,
                    "the configuration of Kerberos, %s, cannot be used: %s", setup->krb5_conf, why);
        krb5_free_error_message(NULL, why);
        return false;
    }
    if (keytab_open(kerberos->context, setup->keytab, setup->principal, &kerberos->keytab, &error))
        return true;
    fail(connection, error->message);
    return false;
}

struct kerberos *kerberos_start(struct connection *connection, int64_t deadline_ms)
{
    struct kerberos *kerberos = g_new0(struct kerberos, 1);

    kerberos->settings = kerberos->keytab.fd = -1;
    if (prepare(kerberos, connection) && ask_kdc(kerberos, connection, deadline_ms))
        return kerberos;
    kerberos_end(kerberos);
    return NULL;
}

void kerberos_end(struct kerberos *kerberos)
{
    if (kerberos->context)
        keytab_clear(kerberos->context, &kerberos->keytab);
    if (kerberos->cache)
        krb5_cc_destroy(kerberos->context, kerberos->cache);
    if (kerberos->context)
        krb5_free_context(kerberos->context);
    if (kerberos->settings >= 0)
        close(kerberos->settings);
    g_free(kerberos);
}
