/* The canonical name of Active Directory (canonicalName, MS-ADTS 3.1.1.4.5.3): the domain, then the values
 * from the top down, without their types. `\` before a slash or a backslash that belongs to a value. */
#ifndef DNDRIFT_DN_CANONICAL_H
#define DNDRIFT_DN_CANONICAL_H

#include "dn/dn.h"

/* What the types below the domain are the text does not tell: they come out as `name` (2.5.4.41), of which
 * cn, ou and their like are subtypes. NULL and a sentence if it is no canonical name. */
struct dn *canonical_parse(const char *text, GError **error);

/* NULL and a sentence where the form cannot say it: no dc= at the top, dc= below another type, several values
 * in one component. g_free() it. */
char *canonical_print(const struct dn *dn, GError **error);

/* Whether the DN came from a canonical name, so that its types are not known. */
bool canonical_is_untyped(const struct dn *dn);
#endif
