/* DN to text by RFC 4514. The result is always clean text: control bytes, C1, bidi controls and invalid UTF-8
 * come out as \HH, and so does what would read as \xHH: it can be shown, logged and typed back. Type
 * spelling, case and order of values stay as parsed. */
#ifndef DNDRIFT_DN_PRINT_H
#define DNDRIFT_DN_PRINT_H

#include "dn/dn.h"

char *dn_print(const struct dn *dn);          /* g_free() it */
char *dn_print_rdn(const struct dn_rdn *rdn); /* g_free() it */

/* A DN as it may be shown: `text` itself where text_clean() would leave it alone, else its RFC 4514 print,
 * else (no DN at all) escaped by text_escape(). g_free() it. */
char *dn_show(const char *text);
#endif
