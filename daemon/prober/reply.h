/* What came back for one search, message by message, until it is complete or cut off. Only a complete one
 * says anything about what is not there. */
#ifndef DNDRIFT_PROBER_REPLY_H
#define DNDRIFT_PROBER_REPLY_H

#include "judge/observation.h"
#include "prober/entry.h"

#define REPLY_MAX_ENTRIES  16   /* that are kept */
#define REPLY_MAX_MESSAGES 1000 /* a server that sends more for one of our searches is not to be trusted */

/* Whom the entries of a reply are shown to, one by one, as they come. */
struct reply_sink {
    void (*take)(void *user, const struct entry *entry);
    void *user;
};

struct reply {
    bool is_done;           /* the result has come */
    struct failure failure; /* reason is not REASON_NONE: there is no complete answer, the rest is void */
    int code;               /* the server's result code */
    char *matched_dn;       /* never NULL once complete; "" if none was given */
    char *text;             /* of the server, or NULL */
    GPtrArray *entries;     /* of struct entry */
    const struct reply_sink *sink; /* gets the entries in place of that; NULL: nobody does */
    unsigned n_entries;            /* that were sent */
    unsigned n_references;         /* search references (RFC 4511 4.5.3), which are not followed */
    unsigned n_messages;
    unsigned enough;     /* entries that end it; 0: it goes on to the result */
    bool is_cut;         /* it was ended so */
    bool wants_cookie;   /* of the next page (RFC 2696) */
    GBytes *next_cookie; /* NULL: there is no next page */
};

void reply_init(struct reply *reply);
void reply_clear(struct reply *reply);

/* Takes in one message, which stays the caller's. true: that was the last, or the last that is worth reading.
 */
bool reply_add(struct reply *reply, LDAP *ld, LDAPMessage *message);

bool reply_has_ended(const struct reply *reply); /* completely or not */
bool reply_is_complete(const struct reply *reply);
const struct entry *reply_entry(const struct reply *reply); /* the first, or NULL */
struct entry *reply_take_entry(struct reply *reply);        /* the same, out of the reply: the caller's */
#endif
