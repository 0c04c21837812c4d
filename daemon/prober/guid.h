/* A GUID as Active Directory stores one: 16 octets, of which the first three fields are little-endian
 * (MS-DTYP 2.3.4.2); as text dashed and in lower case. */
#ifndef DNDRIFT_PROBER_GUID_H
#define DNDRIFT_PROBER_GUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUID_SIZE 16

/* `2cfb1f1b-4201-434d-a1f6-051115e58d3b`; g_free() it. NULL if length is not GUID_SIZE. */
char *guid_print(const void *octets, size_t length);

/* The dashed form alone, in any case. false: it is none, and ret_octets is untouched. */
bool guid_parse(const char *text, uint8_t ret_octets[GUID_SIZE]);
#endif
