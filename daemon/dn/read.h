/* A DN as people write it, in whichever form: the configured side. What a directory says is an LDAP DN and
 * goes to dn_parse(). */
#ifndef DNDRIFT_DN_READ_H
#define DNDRIFT_DN_READ_H

#include "dn/dn.h"
#include "dn/form.h"

/* NULL and a sentence on malformed text; free the result with dn_free(). An extended DN is none to us
 * (DN_ERROR_FORM): only a server can tell what it leads to. ret_form may be NULL; it is set in any case. */
struct dn *dn_read(const char *text, enum dn_form *ret_form, GError **error);

/* The LDAP DN to ask a server for, where the text can be written so; NULL and a sentence for a canonical
 * name, whose types only the directory knows, and for malformed text. An extended DN stays as it is. g_free()
 * it. */
char *dn_read_as_ldap(const char *text, GError **error);
#endif
