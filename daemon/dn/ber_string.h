/* The text inside a BER-encoded string (X.690 8.1), as `cn=#0403466F6F` carries one. */
#ifndef DNDRIFT_DN_BER_STRING_H
#define DNDRIFT_DN_BER_STRING_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the octets are exactly one primitive string whose content is text octet by octet; the content is
 * then the rest behind *ret_skip octets. */
bool ber_string_find(const char *octets, size_t length, size_t *ret_skip);
#endif
