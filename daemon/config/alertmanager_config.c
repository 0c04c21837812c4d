/* The settings of the Alertmanagers, copied for whoever outlives the configuration. */
#include "config/config.h"

void alertmanager_config_clear(struct alertmanager_config *config)
{
    g_strfreev(config->uris);
    g_free(config->ca_file);
    g_free(config->cert_file);
    g_free(config->key_file);
    g_free(config->user);
    g_free(config->password_file);
    g_free(config->token_file);
    g_strfreev(config->labels);
    g_free(config->link);
    *config = (struct alertmanager_config){0};
}

void alertmanager_config_copy(const struct alertmanager_config *from, struct alertmanager_config *to)
{
    alertmanager_config_clear(to);
    to->uris = g_strdupv(from->uris);
    to->ca_file = g_strdup(from->ca_file);
    to->cert_file = g_strdup(from->cert_file);
    to->key_file = g_strdup(from->key_file);
    to->user = g_strdup(from->user);
    to->password_file = g_strdup(from->password_file);
    to->token_file = g_strdup(from->token_file);
    to->allow_cleartext = from->allow_cleartext;
    to->interval_ms = from->interval_ms;
    to->labels = g_strdupv(from->labels);
    to->link = g_strdup(from->link);
}
