/* The value of one attribute in a DN: a string with escapes, a quoted string of LDAPv2, or #hex. */
#ifndef DNDRIFT_DN_VALUE_H
#define DNDRIFT_DN_VALUE_H

#include "dn/dn.h"
#include "dn/scanner.h"

/* Reads the value that begins at the scanner into value, length and is_ber of `ava`, and leaves the scanner
 * on the separator behind it. False and a sentence where it is malformed; `ava` is untouched then. */
bool value_read(struct scanner *scanner, struct dn_ava *ava, GError **error);
#endif
