/* The one connection of this process: a libldap handle over a socket we dialled, and what is known about the
 * server behind it. main owns it; everything here may block, the daemon holds the deadline.
 *
 * How libldap 2.5 surprises, and what is done about it: it follows referrals by itself (switched off), reads
 * ldap.conf (harden.c), has no limit on the size of an answer (set), connects again by itself, in clear, when
 * the connection is lost (search.c), and its time-outs follow the wall clock (we poll, and ask with a zero
 * time-out). Its helpers that take an answer apart are not for hostile answers: only ldap_result() for any
 * message, ldap_parse_result(), of a bind ldap_sasl_interactive_bind() and, on a page that was asked for,
 * ldap_parse_pageresponse_control() are called. */
#ifndef DNDRIFT_PROBER_CONNECTION_H
#define DNDRIFT_PROBER_CONNECTION_H

#include <ldap.h>

#include "prober/parent.h"

#define CONNECTION_MAX_ANSWER (1024 * 1024) /* bytes of one LDAP message */

struct connection {
    const struct wire_setup *setup; /* borrowed */
    struct parent *parent;          /* borrowed */
    LDAP *ld;
    int fd;                             /* ld's */
    char *host;                         /* the name its certificate must bear; NULL for ldapi */
    const uint32_t *question;           /* what its searches are about; NULL: the server itself. Borrowed */
    bool is_shielded;                   /* nobody can read along: TLS, or a local socket */
    int64_t ends_ms;                    /* monotonic: when a new one is due, for its ticket ends; 0: never */
    int64_t wall_certificate_expires_s; /* the server's, Unix time; 0: no TLS, or unknown */
    struct wire_failed failed;          /* once it cannot be used any more */
};

/* Dials, starts TLS, binds, in that order. NULL: ret_failed says why not. */
struct connection *connection_open(const struct wire_setup *setup, struct parent *parent,
                                   struct wire_failed *ret_failed);
void connection_close(struct connection *connection);

enum await { AWAIT_MESSAGE, AWAIT_LATE, AWAIT_LOST /* connection->failed is set */ };

/* The next message of any kind until deadline_ms; the caller frees it with ldap_msgfree(). */
enum await connection_await(struct connection *connection, enum phase phase, int64_t deadline_ms,
                            LDAPMessage **ret_message);

/* The answer to this request, which is the only one under way. A message of another type than `type`, and one
 * that comes late, makes the connection unusable: false, and connection->failed is set. */
bool connection_await_answer(struct connection *connection, enum phase phase, int msgid, int type,
                             int64_t deadline_ms, LDAPMessage **ret_message);

/* How long it may still be used, for poll(): ms, or -1 without an end. */
int connection_left_ms(const struct connection *connection);

/* Whether it must not be used any more. */
bool connection_is_lost(const struct connection *connection);

/* Whether the server has closed the connection, or speaks without being asked. */
bool connection_is_ended(struct connection *connection);
#endif
