/* The configuration as the daemon uses it: dndriftd.conf, checked, with defaults filled in. Const once
 * loaded; whoever loaded it frees it with config_free(). */
#ifndef DNDRIFT_CONFIG_CONFIG_H
#define DNDRIFT_CONFIG_CONFIG_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/calendar.h"
#include "judge/observation.h"

enum bind_method { BIND_ANONYMOUS, BIND_SIMPLE, BIND_EXTERNAL, BIND_GSSAPI };

struct directory_config {
    char *name;
    int line;      /* of its section, for messages */
    char **uris;   /* NULL-terminated, each scheme://host:port (ldapi://%2Fpath) or a domain whose servers DNS
                      names (ldap:///dc=example,dc=com), normalised; at least one */
    bool asks_all; /* every server in every round; else the first one that answers */
    bool start_tls;
    char *tls_ca_file;
    char *tls_cert_file; /* NULL: none */
    char *tls_key_file;
    bool allow_cleartext; /* a password may go over an unprotected connection */
    enum bind_method bind;
    char *bind_dn;       /* or user@realm, DOMAIN\user; NULL unless simple */
    char *password_file; /* absolute; a relative path in the file means $CREDENTIALS_DIRECTORY */
    char *keytab;        /* the same; NULL unless gssapi */
    char *principal;     /* NULL: the first of the keytab */
    char *krb5_conf;
    int64_t timeout_ms;
    int64_t split_after_ms; /* so long a server may be behind the others before it counts as disagreement */
    int64_t certificate_warning_ms; /* this long before a certificate expires; 0: none */
};

struct watch_config {
    char *name;
    int line;
    char *directory;
    char *dn;              /* a DN, or a value of `compare`; NULL with dn_from while nothing was read */
    char *dn_from;         /* where the consumer keeps it; NULL: it stands in the file */
    char *family;          /* of a watch that a dn_from made: the name of its section; else NULL */
    struct failure untold; /* why the consumer does not tell it now, `dn` being the last that it told; text
                              NULL: it does */
    char *compare;         /* attribute; NULL: the DN */
    char *find;           /* filter of the entry whose attribute is compared; NULL: whoever bears the value */
    char *identity;       /* NULL: pinned by the first answer */
    char *object_class;   /* NULL: any */
    char *entry_filter;   /* NULL: what the container holds does not matter */
    unsigned min_entries; /* that match entry_filter */
    unsigned entry_limit; /* that are counted */
    char *consumer;
    char *fix;
    int64_t interval_ms;
    unsigned confirm;
    unsigned confirm_recovery;
    unsigned confirm_unverifiable;
    int64_t unverifiable_after_ms;
    int64_t confirm_interval_ms;
    int64_t stale_after_ms;
    int64_t remind_ms;
    unsigned flap_count; /* 0: it never flaps */
    int64_t flap_window_ms;
    int severity;   /* syslog number */
    bool is_strict; /* `spelling` makes /health warn */
};

/* Alerts of these watches wait meanwhile. */
struct silence_config {
    char *name;
    char **watches; /* NULL-terminated patterns of names */
    int64_t wall_from_ms, wall_until_ms;
    struct calendar calendar; /* if it has weekdays: begins then, and lasts duration_ms */
    int64_t duration_ms;
    char *comment; /* NULL: not given */
};

/* The Alertmanagers that are told. */
struct alertmanager_config {
    char **uris; /* NULL-terminated: "https://am1.example.com:9093/prefix"; NULL: none */
    char *ca_file;
    char *cert_file;     /* NULL: none */
    char *key_file;      /* absolute, as password_file of a directory */
    char *user;          /* NULL: none */
    char *password_file; /* absolute, the same */
    char *token_file;    /* the same */
    bool allow_cleartext;
    int64_t interval_ms; /* between two tellings of the same */
    char **labels;       /* NULL-terminated: "NAME=VALUE"; NULL: none */
    char *link;          /* where our pages are; NULL: not given */
};

struct config {
    char *file;
    char *state_directory;  /* $STATE_DIRECTORY wins */
    int64_t interval_ms;    /* default of the watches */
    int64_t history_age_ms; /* 0: no entry is too old */
    unsigned history_size;  /* entries */
    char *control;          /* path of the control socket; NULL: none */
    char **listen;          /* NULL-terminated: "127.0.0.1:19389", "[::1]:19389", "unix:/path"; empty: off */
    char **allow_host;      /* further Host names */
    char *syslog_socket;
    int syslog_facility;  /* LOG_DAEMON and so on */
    char **syslog_remote; /* NULL-terminated: "tls://log.example.com:6514"; NULL: none */
    char *syslog_ca_file;
    char *syslog_cert_file; /* NULL: none */
    char *syslog_key_file;  /* absolute, as password_file of a directory */
    unsigned syslog_enterprise_number;
    char *syslog_hostname; /* NULL: as the kernel has it */
    char *exec_program;    /* NULL: none */
    int64_t exec_timeout_ms;
    unsigned exec_concurrency;
    struct alertmanager_config alertmanager;
    unsigned shard_index, shard_count;
    unsigned n_elsewhere;                      /* [watch] sections of other shards: in no other field */
    GPtrArray *silences;                       /* of struct silence_config */
    GPtrArray *directories;                    /* of struct directory_config */
    GPtrArray *watches;                        /* of struct watch_config, in the order of the file */
    GHashTable *directory_index, *watch_index; /* by name; NULL: the lists are searched instead */
};

/* Judges the text of a dn_from, which is not the configuration's own business. false and a sentence;
 * *ret_directory is the [directory] that it asks, NULL: none. g_free() it. */
typedef bool config_check_source(const char *text, char **ret_directory, GError **error);

/* Reads and checks the whole file. NULL on any problem: then *ret_problems holds every one of them, in the
 * order of the file, each `FILE:LINE: message`; free with g_ptr_array_unref(). Opens no secret and no source.
 * On success *ret_problems is untouched. check_source may be NULL: any text will do. */
struct config *config_load(const char *file, config_check_source *check_source, GPtrArray **ret_problems);
/* The same for a program that may run as anybody: looks at none of the files that the configuration names,
 * leaves a relative password_file or keytab as it is written, and takes a file without a watch: the first one
 * may be yet to be found. */
struct config *config_load_for_client(const char *file, config_check_source *check_source,
                                      GPtrArray **ret_problems);

/* The same of sections that stand elsewhere. NULL if there are problems. */
struct document;
struct problems;
struct config *config_of_document(const struct document *document, bool looks_at_files,
                                  config_check_source *check_source, struct problems *problems);
void config_free(struct config *config);

/* The same configuration with other watches: an array of struct watch_config, which is taken. */
struct config *config_derive(const struct config *config, GPtrArray *watches);

/* "2 watches in 1 directory", and of how many in all shards; g_free() it. */
char *config_describe(const struct config *config);

const struct directory_config *config_directory(const struct config *config,
                                                const char *name); /* NULL: none of that name */
const struct watch_config *config_watch(const struct config *config, const char *name);

/* Shared between configurations: const but for whoever makes it. */
struct watch_config *watch_config_new(void);
struct watch_config *watch_config_ref(const struct watch_config *config);
void watch_config_unref(struct watch_config *config);
/* A copy for one DN that the dn_from of a section leads to. */
struct watch_config *watch_config_derive(const struct watch_config *section, const char *name, const char *dn,
                                         const struct failure *untold);

void alertmanager_config_copy(const struct alertmanager_config *from,
                              struct alertmanager_config *to); /* clears `to` first */
void alertmanager_config_clear(struct alertmanager_config *config);

void silence_config_free(struct silence_config *silence);
/* Whether it is in force, and when that next changes; INT64_MAX: never. */
bool silence_config_is_on(const struct silence_config *silence, int64_t wall_ms, int64_t *ret_wall_next_ms);
/* By its own name, or by that of the section whose dn_from made it. */
bool silence_config_covers(const struct silence_config *silence, const struct watch_config *watch);

struct directory_config *directory_config_dup(const struct directory_config *config);
void directory_config_free(struct directory_config *config);
/* The file that holds the password or the key; NULL: none. A new one needs no reload. */
const char *directory_config_secret(const struct directory_config *config);
/* Makes it absolute, as config_load() does; false and a sentence if that cannot be. */
bool directory_config_find_secret(struct directory_config *config, GError **error);
bool directory_config_equal(const struct directory_config *a,
                            const struct directory_config *b); /* all but the line */

/* Whether that is, or may be, one of its servers: what DNS names for a domain changes from time to time. */
bool directory_config_may_have(const struct directory_config *config, const char *server);

typedef struct config config_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(config_t, config_free)
#endif
