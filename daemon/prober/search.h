/* Searches on the connection: sent and collected by the asker (pipelined), or run one at a time. */
#ifndef DNDRIFT_PROBER_SEARCH_H
#define DNDRIFT_PROBER_SEARCH_H

#include "prober/connection.h"
#include "prober/reply.h"

struct search {
    const char *base;
    int scope; /* LDAP_SCOPE_... */
    const char *filter;
    const char *const *attributes; /* NULL-terminated */
    int size_limit;                /* 0: the server's */
    bool wants_referral_objects;   /* as plain entries: the ManageDsaIT control (RFC 3296) */
    bool stays_at_home;            /* nothing of the naming contexts below its own, which are searched by
                                      themselves (MS-ADTS 3.1.1.3.4.1.4) */
    bool wants_deleted;            /* deleted ones as well (MS-ADTS 3.1.1.3.4.1.14) */
    unsigned enough;               /* so many entries end it; 0: all */
    unsigned page_size;            /* of paged results (RFC 2696); 0: all at once */
    GBytes *cookie;                /* of the page before, NULL: the first one. Without a page_size it lets the
                                      server forget the pages that are left. Borrowed */
    const struct reply_sink *sink; /* gets the entries, which are not kept then; NULL: they are. Borrowed */
};

/* LDAP_SUCCESS and the message id, or a code of libldap: with LDAP_SERVER_DOWN the connection is lost and
 * connection->failed is set. */
int search_send(struct connection *connection, const struct search *search, int *ret_msgid);
void search_give_up(struct connection *connection, int msgid);

/* Tells the daemon what it is about (connection->question), sends and waits. A search that comes to no end in
 * time is given up; if the server does not answer anything else either, the connection is lost. false: it is
 * lost, connection->failed is set. ret_reply is to be cleared in any case. */
bool search_run(struct connection *connection, const struct search *search, struct reply *ret_reply);

/* The value as it stands in a filter (RFC 4515). g_free() it. */
char *search_escape(const char *value);
#endif
