#include "dn/ber_string.h"

#include <string.h>

/* Universal tags: OctetString, UTF8String, NumericString, PrintableString, TeletexString, IA5String,
 * VisibleString. BMPString and UniversalString hold no octets of UTF-8 and stay BER. */
static const char string_tags[] = {0x04, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A};

bool ber_string_find(const char *octets, size_t length, size_t *ret_skip)
{
    size_t n_length_octets = 0;
    size_t content = 0;
    unsigned char first = 0;

    if (length < 2 || !memchr(string_tags, octets[0], sizeof string_tags))
        return false;
    first = (unsigned char)octets[1];
    content = first;
    if (first >= 0x80) { /* the long form: so many octets of length follow; 0 would be the indefinite form */
        n_length_octets = first & 0x7F;
        if (n_length_octets < 1 || n_length_octets > sizeof content || n_length_octets > length - 2)
            return false;
        content = 0;
        for (size_t i = 0; i < n_length_octets; i++)
            content = content << 8 | (unsigned char)octets[2 + i];
    }
    if (content != length - 2 - n_length_octets)
        return false;
    *ret_skip = 2 + n_length_octets;
    return true;
}
