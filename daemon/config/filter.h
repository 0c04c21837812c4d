/* Values that go into a search: LDAP filters (RFC 4515), names of attributes and object classes (RFC 4512).
 */
#ifndef DNDRIFT_CONFIG_FILTER_H
#define DNDRIFT_CONFIG_FILTER_H

#include "config/value.h"

#define FILTER_MAX_BYTES 4096
#define FILTER_MAX_DEPTH 16

extern const struct value_type value_filter;     /* char *: as it stands; its shape is sound */
extern const struct value_type value_descriptor; /* char *: a short name or a numeric OID */
#endif
