/* The settings of one directory, copied for whoever outlives the configuration. */
#include "config/config.h"

#include "config/secret.h"
#include "config/uri.h"

struct directory_config *directory_config_dup(const struct directory_config *config)
{
    struct directory_config *copy = g_memdup2(config, sizeof *config);

    copy->name = g_strdup(config->name);
    copy->uris = g_strdupv(config->uris);
    copy->tls_ca_file = g_strdup(config->tls_ca_file);
    copy->tls_cert_file = g_strdup(config->tls_cert_file);
    copy->tls_key_file = g_strdup(config->tls_key_file);
    copy->bind_dn = g_strdup(config->bind_dn);
    copy->password_file = g_strdup(config->password_file);
    copy->keytab = g_strdup(config->keytab);
    copy->principal = g_strdup(config->principal);
    copy->krb5_conf = g_strdup(config->krb5_conf);
    return copy;
}

void directory_config_free(struct directory_config *config)
{
    if (!config)
        return;
    g_free(config->name);
    g_strfreev(config->uris);
    g_free(config->tls_ca_file);
    g_free(config->tls_cert_file);
    g_free(config->tls_key_file);
    g_free(config->bind_dn);
    g_free(config->password_file);
    g_free(config->keytab);
    g_free(config->principal);
    g_free(config->krb5_conf);
    g_free(config);
}

const char *directory_config_secret(const struct directory_config *config)
{
    return config->keytab ? config->keytab : config->password_file;
}

bool directory_config_find_secret(struct directory_config *config, GError **error)
{
    char **secret = config->keytab ? &config->keytab : &config->password_file;
    char *path = *secret ? secret_path(*secret, error) : NULL;

    if (!path)
        return !*secret;
    g_free(*secret);
    *secret = path;
    return true;
}

bool directory_config_equal(const struct directory_config *a, const struct directory_config *b)
{
    return g_strcmp0(a->name, b->name) == 0 &&
           g_strv_equal((const gchar *const *)a->uris, (const gchar *const *)b->uris) &&
           a->asks_all == b->asks_all && a->start_tls == b->start_tls &&
           g_strcmp0(a->tls_ca_file, b->tls_ca_file) == 0 &&
           g_strcmp0(a->tls_cert_file, b->tls_cert_file) == 0 &&
           g_strcmp0(a->tls_key_file, b->tls_key_file) == 0 && a->allow_cleartext == b->allow_cleartext &&
           a->bind == b->bind && g_strcmp0(a->bind_dn, b->bind_dn) == 0 &&
           g_strcmp0(a->password_file, b->password_file) == 0 && g_strcmp0(a->keytab, b->keytab) == 0 &&
           g_strcmp0(a->principal, b->principal) == 0 && g_strcmp0(a->krb5_conf, b->krb5_conf) == 0 &&
           a->timeout_ms == b->timeout_ms && a->split_after_ms == b->split_after_ms &&
           a->certificate_warning_ms == b->certificate_warning_ms;
}

bool directory_config_may_have(const struct directory_config *config, const char *server)
{
    for (char **uri = config->uris; *uri; uri++)
        if (g_str_equal(*uri, server) || (uri_is_domain(*uri) && uri_is_plain(server)))
            return true;
    return false;
}
