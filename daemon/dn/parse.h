/* Text to DN. Takes RFC 4514 and, as input only, the leftovers of LDAPv2 (RFC 1779, RFC 2253): `;` between
 * RDNs, quoted values, spaces round `=` and separators, an `OID.` prefix. dn/read takes the other written
 * forms, too. */
#ifndef DNDRIFT_DN_PARSE_H
#define DNDRIFT_DN_PARSE_H

#include "dn/dn.h"
#include "dn/form.h"

#define DN_ERROR dn_error_quark()
GQuark dn_error_quark(void);
enum dn_error { DN_ERROR_SYNTAX, DN_ERROR_LIMIT, DN_ERROR_FORM /* not in this form */ };

/* NULL and a sentence that names the offending place on malformed text; free the result with dn_free().
 * ret_form may be NULL. */
struct dn *dn_parse(const char *text, enum dn_form *ret_form, GError **error);
#endif
