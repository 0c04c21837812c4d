/* The X.500 slash form of Exchange: Obj-Dist-Name, legacyExchangeDN (MS-OXOABK 2.2.1.1). Top first, `/`
 * before each component, and no escapes at all: `,` `+` `=` and `\` stand for themselves. */
#ifndef DNDRIFT_DN_X500_H
#define DNDRIFT_DN_X500_H

#include "dn/dn.h"

/* As it is found in the wild: with or without the first slash, or with backslashes throughout (KB Q190711).
 * NULL and a sentence otherwise. */
struct dn *x500_parse(const char *text, GError **error);

/* NULL and a sentence where the form cannot say it: a `/` in a value, several values in one component, an
 * octet that is no printable ASCII. g_free() it. */
char *x500_print(const struct dn *dn, GError **error);
#endif
