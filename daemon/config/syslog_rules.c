#include "config/syslog_rules.h"

#include "config/collector.h"
#include "config/file_rules.h"

static bool has_tls(const struct config *config)
{
    for (char **uri = config->syslog_remote; uri && *uri; uri++)
        if (collector_is_tls(*uri))
            return true;
    return false;
}

/* A file that no connection would use was meant for one. */
static void check_idle(const struct config *config, const struct section *section, struct problems *problems)
{
    static const char *const keys[] = {"remote_ca_file", "remote_cert_file", "remote_key_file"};

    for (size_t i = 0; i < G_N_ELEMENTS(keys) && !has_tls(config); i++)
        if (section_find(section, keys[i]))
            problems_add(problems, section_line_of(section, keys[i]),
                         "`%s` is for a server with tls:// alone, expected one in `remote`, or no such line",
                         keys[i]);
}

void syslog_rules_apply(struct config *config, const struct section *section, bool looks_at_files,
                        struct problems *problems)
{
    check_idle(config, section, problems);
    file_rules_pair(section, "remote_cert_file", "remote_key_file", problems);
    if (!looks_at_files)
        return;
    file_rules_resolve(&config->syslog_key_file, section, "remote_key_file", problems);
    file_rules_public(section, "remote_ca_file", problems);
    file_rules_public(section, "remote_cert_file", problems);
    file_rules_secret(section, "remote_key_file", config->syslog_key_file, problems);
}
