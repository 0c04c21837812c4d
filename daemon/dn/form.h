/* The other written forms of a DN: recognised, so that the error can name them. Their readers enter here. */
#ifndef DNDRIFT_DN_FORM_H
#define DNDRIFT_DN_FORM_H

/* What a text that cannot be an LDAP DN seems to be ("an X.500 slash form", ...), or NULL; static. A text
 * that can be an LDAP DN is never claimed: `o=a/ou=b` is one organization with a slash in its name. */
const char *form_foreign(const char *text);
#endif
