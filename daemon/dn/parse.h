/* Text to DN. Takes RFC 4514 and, as input only, the leftovers of LDAPv2 (RFC 1779, RFC 2253): `;` between
 * RDNs, quoted values, spaces round `=` and separators, an `OID.` prefix. Other written forms of a DN (X.500
 * slash, AD canonical name) enter here: dn_parse() looks at the text, picks the reader, and *ret_form says
 * which it was. */
#ifndef DNDRIFT_DN_PARSE_H
#define DNDRIFT_DN_PARSE_H

#include "dn/dn.h"

enum dn_form { DN_FORM_LDAP }; /* how a DN was written */

#define DN_ERROR dn_error_quark()
GQuark dn_error_quark(void);
enum dn_error { DN_ERROR_SYNTAX, DN_ERROR_LIMIT, DN_ERROR_FORM /* a form this version does not read */ };

/* NULL and a sentence that names the offending place on malformed text; free the result with dn_free().
 * ret_form may be NULL. */
struct dn *dn_parse(const char *text, enum dn_form *ret_form, GError **error);

/* "ldap" for DN_FORM_LDAP: the word of /watches. */
const char *dn_form_name(enum dn_form form);
#endif
