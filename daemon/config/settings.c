#include "config/settings.h"

#include "config/account.h"
#include "config/address.h"
#include "config/alertmanager.h"
#include "config/collector.h"
#include "config/config.h"
#include "config/filter.h"
#include "config/name.h"
#include "config/silence_rules.h"
#include "config/similar.h"
#include "config/uri.h"

#include <string.h>
#include <syslog.h>

enum {
    MS = 1,
    SECOND = 1000 * MS,
    MINUTE = 60 * SECOND,
    HOUR = 60 * MINUTE,
};
#define DAY (24LL * HOUR)

static const struct section_type section_types[SECTION_KINDS] = {
    [SECTION_DAEMON] = {"daemon"},
    [SECTION_HEALTH] = {"health"},
    [SECTION_SYSLOG] = {"syslog"},
    [SECTION_DIRECTORY] = {"directory", .is_named = true},
    [SECTION_WATCH] = {"watch", .is_named = true},
    [SECTION_ALERTMANAGER] = {"alertmanager"},
    [SECTION_EXEC] = {"exec"},
    [SECTION_SHARD] = {"shard"},
    [SECTION_SILENCE] = {"silence", .is_named = true},
};

static const struct choice facilities[] = {
    {"auth", LOG_AUTH},     {"authpriv", LOG_AUTHPRIV}, {"cron", LOG_CRON},     {"daemon", LOG_DAEMON},
    {"ftp", LOG_FTP},       {"lpr", LOG_LPR},           {"mail", LOG_MAIL},     {"news", LOG_NEWS},
    {"syslog", LOG_SYSLOG}, {"user", LOG_USER},         {"uucp", LOG_UUCP},     {"local0", LOG_LOCAL0},
    {"local1", LOG_LOCAL1}, {"local2", LOG_LOCAL2},     {"local3", LOG_LOCAL3}, {"local4", LOG_LOCAL4},
    {"local5", LOG_LOCAL5}, {"local6", LOG_LOCAL6},     {"local7", LOG_LOCAL7}, {NULL},
};
static const struct choice severities[] = {
    {"emerg", LOG_EMERG}, {"alert", LOG_ALERT},     {"crit", LOG_CRIT},
    {"err", LOG_ERR},     {"warning", LOG_WARNING}, {"notice", LOG_NOTICE},
    {"info", LOG_INFO},   {"debug", LOG_DEBUG},     {NULL},
};
static const struct choice replica_ways[] = {{"failover", false}, {"all", true}, {NULL}};
static const struct choice cleartext_ways[] = {{"refuse", false}, {"allow", true}, {NULL}};
static const struct choice bind_methods[] = {
    {"anonymous", BIND_ANONYMOUS},
    {"simple", BIND_SIMPLE},
    {"external", BIND_EXTERNAL},
    {"gssapi", BIND_GSSAPI},
    {NULL},
};

#define IN_CONFIG(field)    .offset = offsetof(struct config, field)
#define IN_DIRECTORY(field) .offset = offsetof(struct directory_config, field)
#define IN_WATCH(field)     .offset = offsetof(struct watch_config, field)
#define IN_SILENCE(field)   .offset = offsetof(struct silence_config, field)

/* clang-format off */
static const struct setting settings[] = {
    {SECTION_DAEMON, "state_directory", &value_path, "/var/lib/dndriftd", IN_CONFIG(state_directory),
     .help = "Folder of the database; $STATE_DIRECTORY, which systemd sets, wins."},
    {SECTION_DAEMON, "interval", &value_duration, "60s", IN_CONFIG(interval_ms),
     .limits = {100 * MS, 30 * DAY},
     .help = "Time between two comparisons, for watches that do not set their own."},
    {SECTION_DAEMON, "control", &value_unix_socket, "unix:/run/dndriftd/control.sock", IN_CONFIG(control),
     .help = "Socket on which dndriftctl reaches the daemon, mode 0600; none switches it off."},
    {SECTION_DAEMON, "history_age", &value_duration, "400d", IN_CONFIG(history_age_ms),
     .limits = {1 * MINUTE, 36500 * DAY, .is_zero_allowed = true},
     .help = "How long the history keeps a transition, counted while the daemon runs; 0 for ever."},
    {SECTION_DAEMON, "history_size", &value_count, "100000", IN_CONFIG(history_size), .limits = {1, 1000000},
     .help = "How many transitions the history keeps at most."},

    {SECTION_HEALTH, "listen", &value_addresses, "127.0.0.1:19389", IN_CONFIG(listen),
     .help = "Addresses of the health endpoint, separated by spaces: ADDRESS:PORT, [IPV6]:PORT or "
             "unix:/path; none switches it off."},
    {SECTION_HEALTH, "allow_host", &value_hosts, "", IN_CONFIG(allow_host),
     .help = "Host names that HTTP requests may use besides localhost, loopback and the listen addresses."},

    {SECTION_SYSLOG, "socket", &value_path, "/dev/log", IN_CONFIG(syslog_socket),
     .help = "Datagram socket that alerts are sent to."},
    {SECTION_SYSLOG, "facility", &value_choice, "daemon", IN_CONFIG(syslog_facility),
     .limits = {.choices = facilities},
     .help = "Syslog facility of all alerts."},
    {SECTION_SYSLOG, "remote", &value_collectors, NULL, IN_CONFIG(syslog_remote),
     .help = "Syslog servers on the network that get the alerts as well, separated by spaces: udp://HOST:PORT, "
             "tcp://HOST:PORT or tls://HOST:PORT; each is told by itself."},
    {SECTION_SYSLOG, "remote_ca_file", &value_path, "/etc/ssl/certs/ca-certificates.crt",
     IN_CONFIG(syslog_ca_file),
     .help = "Certificates of the authorities that may vouch for the tls:// servers, in PEM form."},
    {SECTION_SYSLOG, "remote_cert_file", &value_path, NULL, IN_CONFIG(syslog_cert_file),
     .help = "Client certificate for the tls:// servers, in PEM form; goes with remote_key_file."},
    {SECTION_SYSLOG, "remote_key_file", &value_text, NULL, IN_CONFIG(syslog_key_file),
     .help = "Private key of that certificate, in PEM form, readable by its owner alone; a relative path means "
             "$CREDENTIALS_DIRECTORY."},
    {SECTION_SYSLOG, "enterprise_number", &value_count, "32473", IN_CONFIG(syslog_enterprise_number),
     .limits = {1, INT32_MAX},
     .help = "Private enterprise number behind the name of the structured data, dndrift@32473; by default the "
             "one that RFC 5612 keeps for examples."},
    {SECTION_SYSLOG, "hostname", &value_hostname, NULL, IN_CONFIG(syslog_hostname),
     .help = "Name of this host in messages to the remote servers; by default what the kernel calls it."},

    {SECTION_DIRECTORY, "uri", &value_uris, NULL, IN_DIRECTORY(uris), .is_required = true,
     .help = "Servers of the directory in order of preference, separated by spaces: ldap://, ldaps:// or "
             "ldapi://, 16 at most; ldap:///dc=example,dc=com stands for those that DNS names."},
    {SECTION_DIRECTORY, "replicas", &value_choice_flag, "failover", IN_DIRECTORY(asks_all),
     .limits = {.choices = replica_ways},
     .help = "What several servers are for: failover asks the first one that answers, all asks each of them "
             "and tells when they disagree."},
    {SECTION_DIRECTORY, "start_tls", &value_flag, "no", IN_DIRECTORY(start_tls),
     .help = "Whether ldap:// connections are encrypted by StartTLS."},
    {SECTION_DIRECTORY, "tls_ca_file", &value_path, "/etc/ssl/certs/ca-certificates.crt",
     IN_DIRECTORY(tls_ca_file),
     .help = "Certificates of the authorities that may vouch for the servers, in PEM form."},
    {SECTION_DIRECTORY, "tls_cert_file", &value_path, NULL, IN_DIRECTORY(tls_cert_file),
     .help = "Client certificate, in PEM form; goes with tls_key_file."},
    {SECTION_DIRECTORY, "tls_key_file", &value_path, NULL, IN_DIRECTORY(tls_key_file),
     .help = "Private key of the client certificate, in PEM form."},
    {SECTION_DIRECTORY, "certificate_warning", &value_duration, "14d", IN_DIRECTORY(certificate_warning_ms),
     .limits = {1 * MINUTE, 365 * DAY, .is_zero_allowed = true},
     .help = "How long before the certificate of a server expires a warning is given; 0 gives none."},
    {SECTION_DIRECTORY, "cleartext", &value_choice_flag, "refuse", IN_DIRECTORY(allow_cleartext),
     .limits = {.choices = cleartext_ways},
     .help = "Whether a password may be sent over a connection without encryption: refuse or allow."},
    {SECTION_DIRECTORY, "bind", &value_choice, "anonymous", IN_DIRECTORY(bind),
     .limits = {.choices = bind_methods},
     .help = "How to log in: anonymous, simple (DN and password), external (the client certificate, or the "
             "user of an ldapi:// socket) or gssapi (a principal of Kerberos)."},
    {SECTION_DIRECTORY, "bind_dn", &value_account, NULL, IN_DIRECTORY(bind_dn),
     .help = "Who to log in as: a DN or, for Active Directory, user@realm or DOMAIN\\user; only for bind = "
             "simple."},
    {SECTION_DIRECTORY, "password_file", &value_text, NULL, IN_DIRECTORY(password_file),
     .help = "File that holds the password, readable by its owner alone; a relative path means "
             "$CREDENTIALS_DIRECTORY."},
    {SECTION_DIRECTORY, "keytab", &value_text, NULL, IN_DIRECTORY(keytab),
     .help = "Keytab that holds the key of the principal, readable by its owner alone; a relative path means "
             "$CREDENTIALS_DIRECTORY."},
    {SECTION_DIRECTORY, "principal", &value_principal, NULL, IN_DIRECTORY(principal),
     .help = "Who to log in as with gssapi, written NAME@REALM; by default the first one in the keytab."},
    {SECTION_DIRECTORY, "krb5_conf", &value_path, "/etc/krb5.conf", IN_DIRECTORY(krb5_conf),
     .help = "Configuration of Kerberos, as krb5.conf(5) describes it."},
    {SECTION_DIRECTORY, "timeout", &value_duration, "10s", IN_DIRECTORY(timeout_ms),
     .limits = {100 * MS, 5 * MINUTE},
     .help = "Longest time for connecting, TLS and login together, tickets included, and again for each "
             "search."},
    {SECTION_DIRECTORY, "split_after", &value_duration, "5m", IN_DIRECTORY(split_after_ms),
     .limits = {0, 30 * DAY},
     .help = "How long replicas may disagree, or a server that may be behind the others is not believed, "
             "before it is told."},

    {SECTION_WATCH, "directory", &value_name, NULL, IN_WATCH(directory), .is_required = true,
     .help = "Name of the [directory] section to compare with."},
    {SECTION_WATCH, "dn", &value_told, NULL, IN_WATCH(dn),
     .help = "The DN that the consumer was configured with, exactly as it is written there, or dn_from."},
    {SECTION_WATCH, "dn_from", &value_text, NULL, IN_WATCH(dn_from),
     .help = "Where the consumer keeps that DN, to be read there: KIND:ARGUMENT..., such as "
             "postfix:/etc/postfix/aliases.cf."},
    {SECTION_WATCH, "identity", &value_identity, NULL, IN_WATCH(identity),
     .help = "Pins the watch to the entry with this entryUUID, nsUniqueId or objectGUID, written "
             "ATTRIBUTE:VALUE; by default the entry that the first comparison finds."},
    {SECTION_WATCH, "consumer", &value_text, NULL, IN_WATCH(consumer),
     .help = "Who was configured with the DN: shown beside the watch."},
    {SECTION_WATCH, "fix", &value_text, NULL, IN_WATCH(fix),
     .help = "Where to put the right value: part of every drift alert; by default what dn_from says."},
    {SECTION_WATCH, "interval", &value_duration, NULL, IN_WATCH(interval_ms), .limits = {100 * MS, 30 * DAY},
     .help = "Time between two comparisons; by default that of [daemon]."},
    {SECTION_WATCH, "confirm", &value_count, "2", IN_WATCH(confirm), .limits = {1, 1000},
     .help = "How many comparisons in a row must find drift before it is announced."},
    {SECTION_WATCH, "confirm_recovery", &value_count, NULL, IN_WATCH(confirm_recovery), .limits = {1, 1000},
     .help = "How many comparisons in a row must match before the recovery is announced; by default as "
             "many as confirm."},
    {SECTION_WATCH, "confirm_unverifiable", &value_count, "3", IN_WATCH(confirm_unverifiable),
     .limits = {1, 1000},
     .help = "How many comparisons in a row must fail before the watch is announced as unverifiable."},
    {SECTION_WATCH, "unverifiable_after", &value_duration, "0", IN_WATCH(unverifiable_after_ms),
     .limits = {100 * MS, 30 * DAY, .is_zero_allowed = true},
     .help = "How long they must have failed besides."},
    {SECTION_WATCH, "confirm_interval", &value_duration, NULL, IN_WATCH(confirm_interval_ms),
     .limits = {10 * MS, 1 * DAY},
     .help = "Time until the confirming comparison; by default 5s, or the interval if that is shorter."},
    {SECTION_WATCH, "stale_after", &value_duration, NULL, IN_WATCH(stale_after_ms),
     .limits = {100 * MS, 365 * DAY},
     .help = "Without a conclusive comparison for longer than this, /health fails; by default 10m, or 10 "
             "intervals if that is longer."},
    {SECTION_WATCH, "remind", &value_duration, "24h", IN_WATCH(remind_ms),
     .limits = {100 * MS, 365 * DAY, .is_zero_allowed = true},
     .help = "Time between reminders of a drift that stays open; 0 sends none."},
    {SECTION_WATCH, "flap_count", &value_count, "5", IN_WATCH(flap_count), .limits = {0, 1000},
     .help = "With more changes between drift and match than this in flap_window the watch flaps: one alert "
             "says so, then only reminders; 0 never calls it so."},
    {SECTION_WATCH, "flap_window", &value_duration, "1h", IN_WATCH(flap_window_ms),
     .limits = {1 * SECOND, 30 * DAY},
     .help = "The time that changes are counted in, and without a change the end of flapping."},
    {SECTION_WATCH, "severity", &value_choice, "err", IN_WATCH(severity), .limits = {.choices = severities},
     .help = "Syslog severity of drift alerts."},
    {SECTION_WATCH, "strict", &value_flag, "no", IN_WATCH(is_strict),
     .help = "Whether /health warns when the DN is merely spelled differently, or a value does not begin with "
             "that of its parent."},
    {SECTION_WATCH, "object_class", &value_descriptor, NULL, IN_WATCH(object_class),
     .help = "Object class that the entry must be of, such as container or organizationalUnit; by default any."},
    {SECTION_WATCH, "entry_filter", &value_filter, NULL, IN_WATCH(entry_filter),
     .help = "LDAP filter of the entries that must be right below the container, such as "
             "(objectClass=contact); by default, when min_entries is set, any entry."},
    {SECTION_WATCH, "min_entries", &value_count, NULL, IN_WATCH(min_entries), .limits = {0, 1000000},
     .help = "How many such entries there must be, else the watch is `emptied`; by default 1 when "
             "entry_filter is set."},
    {SECTION_WATCH, "entry_limit", &value_count, "1000", IN_WATCH(entry_limit), .limits = {1, 1000000},
     .help = "Counting the entries below a container ends here."},
    {SECTION_WATCH, "compare", &value_descriptor, "dn", IN_WATCH(compare),
     .help = "Attribute that `dn` is a value of, such as legacyExchangeDN; by default the DN itself."},
    {SECTION_WATCH, "find", &value_filter, NULL, IN_WATCH(find),
     .help = "LDAP filter that leads to the entry whose attribute is compared; by default the one that bears "
             "the value."},

    {SECTION_EXEC, "program", &value_path, NULL, IN_CONFIG(exec_program), .is_required = true,
     .help = "Program that is run for each event, with the event as JSON on stdin and in the environment."},
    {SECTION_EXEC, "timeout", &value_duration, "30s", IN_CONFIG(exec_timeout_ms),
     .limits = {100 * MS, 10 * MINUTE},
     .help = "Longest time that one run may take; then it is killed, with all that it has started."},
    {SECTION_EXEC, "concurrency", &value_count, "1", IN_CONFIG(exec_concurrency), .limits = {1, 32},
     .help = "How many runs there may be at once; with 1 the events keep their order."},

    {SECTION_ALERTMANAGER, "uri", &value_alertmanagers, NULL, IN_CONFIG(alertmanager.uris),
     .is_required = true,
     .help = "Alertmanagers that are told what is open, each by itself, separated by spaces: http://HOST:PORT "
             "or https://HOST:PORT, with a path if a proxy wants one; of a cluster all members."},
    {SECTION_ALERTMANAGER, "interval", &value_duration, "1m", IN_CONFIG(alertmanager.interval_ms),
     .limits = {3 * SECOND, 1 * HOUR},
     .help = "Time after which they are told again; what they are not told for four of these ends there."},
    {SECTION_ALERTMANAGER, "labels", &value_labels, NULL, IN_CONFIG(alertmanager.labels),
     .help = "Labels of every alert besides alertname, watch, directory and severity, separated by spaces: "
             "NAME=VALUE."},
    {SECTION_ALERTMANAGER, "link", &value_link, NULL, IN_CONFIG(alertmanager.link),
     .help = "Where people reach the pages of [health], such as http://mail1.example.com:19389: each alert "
             "links to the page of its watch there."},
    {SECTION_ALERTMANAGER, "ca_file", &value_path, "/etc/ssl/certs/ca-certificates.crt",
     IN_CONFIG(alertmanager.ca_file),
     .help = "Certificates of the authorities that may vouch for the https:// ones, in PEM form."},
    {SECTION_ALERTMANAGER, "cert_file", &value_path, NULL, IN_CONFIG(alertmanager.cert_file),
     .help = "Client certificate for the https:// ones, in PEM form; goes with key_file."},
    {SECTION_ALERTMANAGER, "key_file", &value_text, NULL, IN_CONFIG(alertmanager.key_file),
     .help = "Private key of that certificate, in PEM form, readable by its owner alone; a relative path means "
             "$CREDENTIALS_DIRECTORY."},
    {SECTION_ALERTMANAGER, "user", &value_text, NULL, IN_CONFIG(alertmanager.user),
     .help = "Who to log in as, by HTTP's basic authentication; goes with password_file."},
    {SECTION_ALERTMANAGER, "password_file", &value_text, NULL, IN_CONFIG(alertmanager.password_file),
     .help = "File that holds the password of that user, readable by its owner alone; a relative path means "
             "$CREDENTIALS_DIRECTORY."},
    {SECTION_ALERTMANAGER, "bearer_token_file", &value_text, NULL, IN_CONFIG(alertmanager.token_file),
     .help = "File that holds a bearer token to log in with instead, readable by its owner alone; a relative "
             "path means $CREDENTIALS_DIRECTORY."},
    {SECTION_ALERTMANAGER, "cleartext", &value_choice_flag, "refuse", IN_CONFIG(alertmanager.allow_cleartext),
     .limits = {.choices = cleartext_ways},
     .help = "Whether a password or token may go to another host over http://: refuse or allow."},

    {SECTION_SILENCE, "watches", &value_patterns, NULL, IN_SILENCE(watches), .is_required = true,
     .help = "Names of the watches whose alerts wait, separated by spaces, with * for any characters and ? for "
             "one."},
    {SECTION_SILENCE, "from", &value_moment, NULL, IN_SILENCE(wall_from_ms),
     .help = "When the silence begins: 2026-12-24 18:00, in local time, or 2026-12-24T17:00:00Z."},
    {SECTION_SILENCE, "until", &value_moment, NULL, IN_SILENCE(wall_until_ms),
     .help = "When it ends, written like from."},
    {SECTION_SILENCE, "calendar", &value_calendar, NULL, IN_SILENCE(calendar),
     .help = "In place of from and until: when it begins again and again, in local time, such as Sat 22:00 or "
             "Mon..Fri 03:30."},
    {SECTION_SILENCE, "duration", &value_duration, NULL, IN_SILENCE(duration_ms),
     .limits = {1 * MINUTE, 7 * DAY},
     .help = "How long each of those lasts."},
    {SECTION_SILENCE, "comment", &value_text, NULL, IN_SILENCE(comment),
     .help = "Why, for those who read the configuration."},

    {SECTION_SHARD, "index", &value_count, "0", IN_CONFIG(shard_index), .limits = {0, 999},
     .help = "Which of the daemons that share this configuration this one is, from 0."},
    {SECTION_SHARD, "count", &value_count, "1", IN_CONFIG(shard_count), .limits = {1, 1000},
     .help = "How many daemons there are: each watch belongs to one of them, by its name."},
};
/* clang-format on */

G_STATIC_ASSERT(G_N_ELEMENTS(settings) <= SETTINGS_MAX_ROWS);

const struct section_type *section_type(enum section_kind kind)
{
    return &section_types[kind];
}

bool section_kind_find(const char *word, enum section_kind *ret_kind)
{
    for (enum section_kind kind = 0; kind < SECTION_KINDS; kind++) {
        if (!g_str_equal(section_types[kind].word, word))
            continue;
        *ret_kind = kind;
        return true;
    }
    return false;
}

unsigned settings_n(void)
{
    return G_N_ELEMENTS(settings);
}

const struct setting *settings_at(unsigned index)
{
    return &settings[index];
}

int settings_find(enum section_kind section, const char *key)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++)
        if (settings[i].section == section && g_str_equal(settings[i].key, key))
            return (int)i;
    return -1;
}

static char *settings_home(const char *key)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++) {
        const struct section_type *home = &section_types[settings[i].section];

        if (g_str_equal(settings[i].key, key))
            return g_strdup_printf("it belongs in [%s%s]", home->word, home->is_named ? " NAME" : "");
    }
    return NULL;
}

char *settings_guess(enum section_kind section, const char *key)
{
    struct similar similar;

    similar_init(&similar, key);
    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++)
        if (settings[i].section == section && settings[i].type)
            similar_offer(&similar, settings[i].key);
    return similar.best ? similar_suggestion(&similar) : settings_home(key);
}

char *settings_list(enum section_kind section)
{
    GString *list = g_string_new("expected one of");

    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++)
        if (settings[i].section == section && settings[i].type)
            g_string_append_printf(list, " %s", settings[i].key);
    return g_string_free(list, FALSE);
}

char *section_kind_guess(const char *word)
{
    struct similar similar;

    similar_init(&similar, word);
    for (enum section_kind kind = 0; kind < SECTION_KINDS; kind++)
        similar_offer(&similar, section_types[kind].word);
    return similar_suggestion(&similar);
}
