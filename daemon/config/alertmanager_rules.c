#include "config/alertmanager_rules.h"

#include <string.h>

#include "config/alertmanager.h"
#include "config/file_rules.h"

static const char *find_uri(const struct alertmanager_config *config, bool (*matches)(const char *uri))
{
    for (char **uri = config->uris; uri && *uri; uri++)
        if (matches(*uri))
            return *uri;
    return NULL;
}

static bool is_bare(const char *uri)
{
    return !alertmanager_is_tls(uri) && !alertmanager_is_here(uri);
}

/* A file that no connection would use was meant for one. */
static void check_idle(const struct alertmanager_config *config, const struct section *section,
                       struct problems *problems)
{
    static const char *const keys[] = {"ca_file", "cert_file", "key_file"};
    bool has_tls = find_uri(config, alertmanager_is_tls);

    for (size_t i = 0; i < G_N_ELEMENTS(keys) && !has_tls; i++)
        if (section_find(section, keys[i]))
            problems_add(problems, section_line_of(section, keys[i]),
                         "`%s` is for an Alertmanager with https:// alone, expected one in `uri`, or no such "
                         "line",
                         keys[i]);
}

static void check_login(const struct section *section, struct problems *problems)
{
    const struct entry *user = section_find(section, "user");
    const struct entry *password = section_find(section, "password_file");
    const struct entry *token = section_find(section, "bearer_token_file");

    if (user && strchr(user->value, ':'))
        problems_add(problems, user->line, "`user` holds a colon, where HTTP ends the name, expected none");
    if (user && !password)
        problems_add(problems, user->line, "`user` without its password, expected password_file too");
    if (password && !user)
        problems_add(problems, password->line, "`password_file` without its user, expected user too");
    if (token && (user || password))
        problems_add(
            problems, token->line,
            "`bearer_token_file` does not go with user and password_file, expected one way to log in");
}

static void check_cleartext(const struct alertmanager_config *config, const struct section *section,
                            struct problems *problems)
{
    const char *key = config->token_file ? "bearer_token_file" : "password_file";
    const char *uri = find_uri(config, is_bare);

    if (uri && section_find(section, key) && !config->allow_cleartext)
        problems_add(
            problems, section_line_of(section, key),
            "`%s` would send the secret in clear to `%s`, expected https://, or cleartext = allow if "
            "you accept that",
            key, uri);
}

void alertmanager_rules_apply(struct alertmanager_config *config, const struct section *section,
                              bool looks_at_files, struct problems *problems)
{
    check_idle(config, section, problems);
    check_login(section, problems);
    check_cleartext(config, section, problems);
    file_rules_pair(section, "cert_file", "key_file", problems);
    if (!looks_at_files)
        return;
    file_rules_resolve(&config->key_file, section, "key_file", problems);
    file_rules_resolve(&config->password_file, section, "password_file", problems);
    file_rules_resolve(&config->token_file, section, "bearer_token_file", problems);
    file_rules_public(section, "ca_file", problems);
    file_rules_public(section, "cert_file", problems);
    file_rules_secret(section, "key_file", config->key_file, problems);
    file_rules_secret(section, "password_file", config->password_file, problems);
    file_rules_secret(section, "bearer_token_file", config->token_file, problems);
}
