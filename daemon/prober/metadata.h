/* The replication metadata of an entry of Active Directory: which server changed which attribute, and when.
 * Both forms in which it can be read: XML (msDS-ReplAttributeMetaData) and NDR (replPropertyMetaData). */
#ifndef DNDRIFT_PROBER_METADATA_H
#define DNDRIFT_PROBER_METADATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "prober/guid.h"

/* What is told of one attribute. */
struct metadata {
    int64_t wall_ms; /* 0: not told */
    char *dsa;       /* DN of the NTDS settings of the server that took the change; NULL: not told */
    uint8_t invocation_id[GUID_SIZE]; /* of that server's database; all zero: not told */
};

void metadata_clear(struct metadata *metadata);

/* One value of msDS-ReplAttributeMetaData (MS-ADTS 3.1.1.4.5.20), which ends with a NUL on Windows. false: it
 * is about another attribute, or it is malformed. */
bool metadata_read_xml(const char *xml, size_t length, const char *attribute, struct metadata *ret_metadata);

/* From a value of replPropertyMetaData (MS-DRSR 4.1.10.3.11 PROPERTY_META_DATA_VECTOR), the entry of the
 * attribute with this ATTRTYP. false: there is none, or it is malformed. */
bool metadata_read_ndr(const void *ndr, size_t length, uint32_t attribute, struct metadata *ret_metadata);
#endif
