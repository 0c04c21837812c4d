/* The names of attribute types that occur in DNs: one table of OIDs and their aliases (RFC 4519, RFC 4524,
 * RFC 2985). */
#ifndef DNDRIFT_DN_ATTRIBUTE_TYPE_H
#define DNDRIFT_DN_ATTRIBUTE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether both name the same type: `cn`, `commonName`, `2.5.4.3`. Unknown types compare by ASCII case-ignore.
 */
bool attribute_type_equal(const char *a, const char *b);

/* The short name of the type if the table knows it, else NULL; static. */
const char *attribute_type_short(const char *type);

/* The length of the type that the text begins with, a descriptor or an OID (RFC 4512 1.4); 0: with none. */
size_t attribute_type_length(const char *text);
#endif
