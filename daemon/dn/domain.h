/* The DNS domain that a DN of domain components stands for (RFC 2247): dc=example,dc=com is example.com. */
#ifndef DNDRIFT_DN_DOMAIN_H
#define DNDRIFT_DN_DOMAIN_H

#include "dn/dn.h"

#define DOMAIN_MAX_BYTES                                                                                     \
    240 /* of the name: there must be room for `_ldap._tcp.` before it (RFC 1035 2.3.4) */

/* In lower case, without a dot at its end; g_free() it. NULL: something in the DN is no `dc`, or no label of
 * a host's domain (letters, digits, `-` and `_`, 63 at most). */
char *domain_of_dn(const struct dn *dn);

/* The DN of such a name, `dc=example,dc=com`; g_free() it. */
char *domain_to_dn(const char *domain);
#endif
