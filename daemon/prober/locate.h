/* Which servers DNS names for a domain: the SRV records of _ldap._tcp (RFC 2782). It may block; the daemon
 * holds the deadline. libldap's ldap_domain2hostlist() tells neither priority nor weight, nor an answer "no
 * such name" from none at all, and reads beyond a cut-off answer: so the resolver of the C library is asked.
 */
#ifndef DNDRIFT_PROBER_LOCATE_H
#define DNDRIFT_PROBER_LOCATE_H

#include "prober/parent.h"

/* Whether the SETUP asks for that in place of a connection. */
bool locate_is_meant(const struct wire_setup *setup);

/* Looks them up and tells the parent. */
void locate(const struct wire_setup *setup, struct parent *parent);
#endif
