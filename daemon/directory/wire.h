/* The frames between the daemon and a prober, over a stream socket pair: how they are written and read. Both
 * ends use this file; it owns no descriptor.
 *
 * A frame is a u32 length of what follows, a u16 type, and the payload. The conversation:
 *
 *   daemon: SETUP                                    prober: PROGRESS..., READY or FAILED
 *   daemon: ROUND, QUESTION..., GO (any number)      prober: (PROGRESS | OBSERVATION)..., DONE or FAILED
 *
 * or, when the SETUP names a domain in place of a server,
 *
 *   daemon: SETUP                                    prober: PROGRESS, SERVERS or FAILED; then it exits
 *
 * or, when dndriftctl looks for containers,
 *
 *   dndriftctl: SETUP                                prober: PROGRESS..., READY or FAILED
 *   dndriftctl: OBTAIN                               prober: PROGRESS..., then (CANDIDATE..., OBTAINED) or
 * FAILED; then it exits
 *
 * The prober connects as soon as it has its SETUP. Each question of a batch gets one OBSERVATION, in any
 * order. After FAILED the prober exits; it does so at the end of its socket, too. FAILED may also come
 * between two batches: the server has closed the connection. */
#ifndef DNDRIFT_DIRECTORY_WIRE_H
#define DNDRIFT_DIRECTORY_WIRE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/observation.h"

#define WIRE_FD             3 /* the prober's end */
#define WIRE_VERSION        7 /* of these frames; a prober of another build refuses to work */
#define WIRE_MAX_FRAME      (256 * 1024)
#define WIRE_MAX_TEXT       8192   /* bytes of one text, without its NUL */
#define WIRE_MAX_QUESTIONS  100000 /* of one batch */
#define WIRE_MAX_TIMEOUT_MS (10 * 60 * 1000)
#define WIRE_MAX_SERVERS    256 /* of one domain */
#define WIRE_MAX_HOST       253 /* bytes of its name (RFC 1035 2.3.4) */
#define WIRE_MAX_CANDIDATES 1000
#define WIRE_MAX_REMARKS    16

/* A SETUP whose URI begins like this has a DN of dc= alone behind it: the servers of that domain are wanted.
 */
#define WIRE_DOMAIN_PREFIX "ldap:///"
#define WIRE_MAX_EXPIRY_S  INT64_C(253402300799) /* the end of 9999: no X.509 date is later */

enum wire_type {
    WIRE_SETUP = 1,
    WIRE_ROUND,
    WIRE_QUESTION,
    WIRE_GO,
    WIRE_PROGRESS,
    WIRE_READY,
    WIRE_OBSERVATION,
    WIRE_DONE,
    WIRE_FAILED,
    WIRE_SERVERS,
    WIRE_OBTAIN,
    WIRE_CANDIDATE,
    WIRE_OBTAINED,
    WIRE_TYPES
};

enum wire_bind { WIRE_BIND_ANONYMOUS, WIRE_BIND_SIMPLE, WIRE_BIND_EXTERNAL, WIRE_BIND_GSSAPI, WIRE_BINDS };

/* One server and how to come in. When encoded the texts are borrowed; decoded ones belong to the frame. */
struct wire_setup {
    char *uri; /* scheme://host:port or ldapi://%2Fpath, or a domain: WIRE_DOMAIN_PREFIX */
    bool start_tls;
    char *tls_ca_file;   /* NULL: none */
    char *tls_cert_file; /* NULL: none */
    char *tls_key_file;  /* NULL: none */
    bool allow_cleartext;
    enum wire_bind bind;
    char *bind_dn;       /* NULL unless simple */
    char *password_file; /* absolute; NULL unless simple */
    char *keytab;        /* absolute; NULL unless GSSAPI */
    char *principal;     /* NULL: the first of the keytab */
    char *krb5_conf;     /* absolute; GSSAPI needs it */
    int64_t timeout_ms;  /* for connect, TLS and bind together, and for each search */
};

struct wire_progress {
    enum phase phase;  /* the step that begins now */
    bool has_question; /* it is about one question */
    uint32_t question;
};

/* What the prober has learnt about the server by then. */
struct wire_ready {
    char *kind;   /* name of the kind of server, never empty */
    char *limits; /* one sentence on what this server cannot do for us, never empty; NULL: nothing to say */
    int64_t
        wall_certificate_expires_s; /* Unix time, the last second of its validity; 0: no TLS, or unknown */
};

struct wire_failed {
    struct failure failure; /* reason is never REASON_NONE */
    bool is_credentials;    /* password, key or certificate was refused: asking often would lock out */
};

/* One SRV record (RFC 2782): a server of the domain. */
struct wire_server {
    char *host; /* in lower case, letters, digits, `.`, `-`, `_` alone */
    uint16_t port;
    uint16_t priority; /* lower ones are tried first */
    uint16_t weight;   /* how often it shall come first among those of its priority */
};

/* Which containers are looked for. When encoded the texts are borrowed; decoded ones belong to the frame. */
struct wire_wanted {
    char *name;   /* a name of theirs, a DN, or the end of one; NULL: those that hold matching entries */
    char *filter; /* RFC 4515, of the entries right below; NULL: none or, without a name, what the kind of
                     server has for people */
    uint32_t max_candidates; /* at least 1, WIRE_MAX_CANDIDATES at most */
    uint32_t entry_limit;    /* counting the entries of one ends there; at least 1 */
    int64_t budget_ms;       /* for all searches together */
};

/* A container that may be the one that is meant. Its texts are raw. */
struct wire_candidate {
    char *dn;              /* as the directory spells it, never empty */
    char *identity;        /* NULL if not readable */
    char *display_name;    /* NULL: it shows none */
    char *legacy_dn;       /* its legacyExchangeDN; NULL: it shows none */
    char *attribute;       /* which one holds the name that was given; "type": its RDN does. NULL: not told */
    struct count entries;  /* right below it */
    struct count matching; /* those of them that match the filter */
};

/* What there is to say of the whole answer. Decoded, the texts belong to the frame. */
struct wire_obtained {
    bool is_complete;   /* else there may be more candidates, and larger counts */
    char *filter;       /* by which `matching` was counted; NULL: none */
    GPtrArray *remarks; /* of char *: why it is not complete, where a DN led to nothing; raw */
};

/* A decoded frame; clear it with wire_frame_clear(). question, observation, servers and candidate may be
 * taken out of it with g_steal_pointer(). */
struct wire_frame {
    enum wire_type type;
    union {
        struct wire_setup setup;
        uint64_t round; /* ROUND; echoed in GO and DONE: the batch they belong to */
        struct question *question;
        struct wire_progress progress;
        struct wire_ready ready;
        struct observation *observation; /* its server is NULL: the daemon knows whom it asked */
        struct wire_failed failed;
        GPtrArray *servers; /* of struct wire_server, at least one */
        struct wire_wanted wanted;
        struct wire_candidate *candidate;
        struct wire_obtained obtained;
    };
};

/* host is copied. */
struct wire_server *wire_server_new(const char *host, unsigned port, unsigned priority, unsigned weight);
void wire_server_free(struct wire_server *server);

/* Whether there can be such a server: its name is one of a host, its port is not 0. */
bool wire_server_is_plausible(const struct wire_server *server);

void wire_candidate_free(struct wire_candidate *candidate);
void wire_obtained_clear(struct wire_obtained *obtained);

/* Each appends one frame. false, and nothing appended, if a text or the whole is beyond the bounds or a value
 * could not be decoded again. */
bool wire_put_setup(GByteArray *out, const struct wire_setup *setup);
bool wire_put_round(GByteArray *out, uint64_t round);
bool wire_put_question(GByteArray *out, const struct question *question);
bool wire_put_go(GByteArray *out, uint64_t round);
bool wire_put_progress(GByteArray *out, const struct wire_progress *progress);
bool wire_put_ready(GByteArray *out, const struct wire_ready *ready);
bool wire_put_observation(GByteArray *out, const struct observation *observation);
bool wire_put_done(GByteArray *out, uint64_t round);
bool wire_put_failed(GByteArray *out, const struct wire_failed *failed);
bool wire_put_servers(GByteArray *out, const GPtrArray *servers); /* of struct wire_server */
bool wire_put_obtain(GByteArray *out, const struct wire_wanted *wanted);
bool wire_put_candidate(GByteArray *out, const struct wire_candidate *candidate);
bool wire_put_obtained(GByteArray *out, const struct wire_obtained *obtained);

enum wire_result {
    WIRE_MORE,  /* the frame is not complete; *ret_size = bytes of it that are needed at least */
    WIRE_FRAME, /* *ret_frame is filled, *ret_size bytes are used up */
    WIRE_BROKEN /* no honest peer sends this: end the conversation */
};

/* Reads the frame that begins at data. Every length, count, enum and text is checked, and so is that an
 * observation holds what its answers promise (DN_ENTRY a found_dn and found_identity, ...). */
enum wire_result wire_take(const uint8_t *data, size_t available, struct wire_frame *ret_frame,
                           size_t *ret_size);

void wire_frame_clear(struct wire_frame *frame);

typedef struct wire_frame wire_frame_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(wire_frame_t, wire_frame_clear)
#endif
