#include "config/directory_rules.h"

#include "config/file_rules.h"
#include "config/uri.h"

#include <string.h>

static const char *find_uri(const struct directory_config *directory, bool (*matches)(const char *uri))
{
    for (char **uri = directory->uris; uri && *uri; uri++)
        if (matches(*uri))
            return *uri;
    return NULL;
}

static bool is_not_plain(const char *uri)
{
    return !uri_is_plain(uri);
}

static bool is_remote(const char *uri)
{
    return !uri_is_local(uri);
}

/* StartTLS is for ldap:// alone: the others are protected from their first byte. */
static void check_start_tls(const struct directory_config *directory, const struct section *section,
                            struct problems *problems)
{
    const char *uri = find_uri(directory, is_not_plain);

    if (directory->start_tls && uri)
        problems_add(
            problems, section_line_of(section, "start_tls"),
            "`start_tls = yes` does not go with `%s`, expected ldap:// in every URI, or start_tls = no", uri);
}

static void check_needed(const struct section *section, const char *bind, const char *const *keys,
                         struct problems *problems)
{
    for (; *keys; keys++)
        if (!section_find(section, *keys))
            problems_add(problems, section_line_of(section, "bind"),
                         "`bind = %s` needs `%s`, expected it in the same section", bind, *keys);
}

static void check_simple(const struct directory_config *directory, const struct section *section,
                         struct problems *problems)
{
    static const char *const needed[] = {"bind_dn", "password_file", NULL};
    const char *uri = find_uri(directory, uri_is_plain);

    check_needed(section, "simple", needed, problems);
    if (uri && !directory->start_tls && !directory->allow_cleartext)
        problems_add(problems, section_line_of(section, "bind"),
                     "`bind = simple` would send the password in clear to `%s`, expected ldaps://, or "
                     "start_tls = yes, or cleartext = allow if you accept that",
                     uri);
}

/* SASL GSSAPI: the KDC knows a server by the name of its host. */
static void check_gssapi(const struct directory_config *directory, const struct section *section,
                         struct problems *problems)
{
    static const char *const needed[] = {"keytab", NULL};
    const char *uri = find_uri(directory, uri_is_local);

    check_needed(section, "gssapi", needed, problems);
    if (uri)
        problems_add(problems, section_line_of(section, "bind"),
                     "`bind = gssapi` does not go with `%s`, expected ldap:// or ldaps:// in every URI", uri);
    if (directory->krb5_conf && strchr(directory->krb5_conf, ':'))
        problems_add(
            problems, section_line_of(section, "krb5_conf"),
            "krb5_conf: `%s` has a colon in it, which separates files there, expected a path without",
            directory->krb5_conf);
}

/* What one way to log in needs would never be used with another. */
static void check_idle(const struct directory_config *directory, const struct section *section,
                       struct problems *problems)
{
    static const struct {
        const char *key;
        enum bind_method bind;
        const char *word;
    } owned[] = {{"bind_dn", BIND_SIMPLE, "simple"},
                 {"password_file", BIND_SIMPLE, "simple"},
                 {"keytab", BIND_GSSAPI, "gssapi"},
                 {"principal", BIND_GSSAPI, "gssapi"},
                 {"krb5_conf", BIND_GSSAPI, "gssapi"}};

    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        if (directory->bind != owned[i].bind && section_find(section, owned[i].key))
            problems_add(problems, section_line_of(section, owned[i].key),
                         "`%s` is for bind = %s alone, expected that, or no such line", owned[i].key,
                         owned[i].word);
}

/* SASL EXTERNAL takes who we are from the connection: a client certificate, or the uid behind a socket. */
static void check_external(const struct directory_config *directory, const struct section *section,
                           struct problems *problems)
{
    const char *uri = find_uri(directory, is_remote);
    bool is_bare = find_uri(directory, uri_is_plain) && !directory->start_tls;

    if (uri && (is_bare || !section_find(section, "tls_cert_file")))
        problems_add(problems, section_line_of(section, "bind"),
                     "`bind = external` has nothing to show to `%s`, expected tls_cert_file and tls_key_file "
                     "with ldaps:// or start_tls = yes, or ldapi://",
                     uri);
}

/* A bind that could not be read says nothing about the other settings. */
static bool is_bind_known(const struct directory_config *directory, const struct section *section)
{
    const struct entry *bind = section_find(section, "bind");

    return directory->bind != BIND_ANONYMOUS || !bind || g_str_equal(bind->value, "anonymous");
}

void directory_rules_apply(struct directory_config *directory, const struct section *section,
                           bool looks_at_files, struct problems *problems)
{
    check_start_tls(directory, section, problems);
    file_rules_pair(section, "tls_cert_file", "tls_key_file", problems);
    if (directory->bind == BIND_SIMPLE)
        check_simple(directory, section, problems);
    else if (directory->bind == BIND_EXTERNAL)
        check_external(directory, section, problems);
    else if (directory->bind == BIND_GSSAPI)
        check_gssapi(directory, section, problems);
    if (is_bind_known(directory, section))
        check_idle(directory, section, problems);
    if (!looks_at_files)
        return;
    file_rules_resolve(&directory->password_file, section, "password_file", problems);
    file_rules_resolve(&directory->keytab, section, "keytab", problems);
    file_rules_public(section, "tls_ca_file", problems);
    file_rules_public(section, "tls_cert_file", problems);
    file_rules_public(section, "krb5_conf", problems);
    file_rules_secret(section, "password_file", directory->password_file, problems);
    file_rules_secret(section, "keytab", directory->keytab, problems);
    file_rules_secret(section, "tls_key_file", directory->tls_key_file, problems);
}
