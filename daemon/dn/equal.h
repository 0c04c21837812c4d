/* Equality of DNs by distinguishedNameMatch (RFC 4517 4.2.15): RDN by RDN, values unordered, attribute types
 * by alias and OID, values prepared by RFC 4518 with case folding (the naming attributes in use are
 * case-ignore). */
#ifndef DNDRIFT_DN_EQUAL_H
#define DNDRIFT_DN_EQUAL_H

#include "dn/dn.h"

bool dn_equal(const struct dn *a, const struct dn *b);
bool dn_ava_equal(const struct dn_ava *a, const struct dn_ava *b);
bool dn_rdn_equal(const struct dn_rdn *a, const struct dn_rdn *b);
bool dn_is_below(const struct dn *dn, const struct dn *ancestor); /* also true for the ancestor itself */

/* Text that is the same for two DNs exactly when dn_equal() says so: a hash key, not for people. g_free() it.
 */
char *dn_key(const struct dn *dn);
#endif
