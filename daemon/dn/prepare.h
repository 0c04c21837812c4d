/* RFC 4518 string preparation of one value for case-ignore matching: map (case fold, drop soft hyphen,
 * zero-width and control characters, turn separators into space), NFKC, trim and collapse insignificant
 * spaces. */
#ifndef DNDRIFT_DN_PREPARE_H
#define DNDRIFT_DN_PREPARE_H

#include <stddef.h>

/* The prepared value, g_free() it. Octets that are no UTF-8 are taken as they are, with ASCII folded. */
char *dn_prepare(const char *value, size_t length, size_t *ret_length);
#endif
