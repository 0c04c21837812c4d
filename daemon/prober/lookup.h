/* The DN question: a base search of the configured DN as it stands, and what its answer means. */
#ifndef DNDRIFT_PROBER_LOOKUP_H
#define DNDRIFT_PROBER_LOOKUP_H

#include "prober/probe.h"

/* What else than its identity (enum wish) the question needs to know of an entry. */
unsigned lookup_wishes(const struct question *question);

/* The attributes that it asks for, NULL-terminated: question.read first. */
#define LOOKUP_MAX_ATTRIBUTES (PROFILE_MAX_ATTRIBUTES + 1)
void lookup_attributes(const struct probe *probe, const struct question *question,
                       const char *ret_attributes[LOOKUP_MAX_ATTRIBUTES]);

/* Sends it, for what the question needs to know of the entry: LDAP_SUCCESS and the message id, or a code of
 * libldap. */
int lookup_send(struct probe *probe, const struct question *question, int *ret_msgid);

/* The same, waiting for the reply, which is to be cleared in any case. false: the connection is lost. */
bool lookup_run(struct probe *probe, const struct question *question, struct reply *ret_reply);

/* Fills dn_answer and what belongs to it. dn: the configured one parsed, or NULL if it is none to us. Where
 * the server gives no matchedDN, DN_UNMATCHED still has to be looked into. */
void lookup_read(const struct probe *probe, const struct question *question, const struct dn *dn,
                 const struct reply *reply, struct observation *observation);
#endif
