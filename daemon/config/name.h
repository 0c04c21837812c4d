/* The names of watches and directories, and values that refer to entries: names, DNs, identities. */
#ifndef DNDRIFT_CONFIG_NAME_H
#define DNDRIFT_CONFIG_NAME_H

#include "config/value.h"

#define NAME_MAX_BYTES 40
#define NAME_EXPECTED  "expected a letter or digit, then up to 39 letters, digits, `.`, `_` or `-`"

bool name_is_valid(const char *name);

extern const struct value_type value_name; /* char * */
extern const struct value_type value_dn;   /* char *: the text as it stands, which dn_parse() takes */
extern const struct value_type value_told; /* char *: what a consumer was told, any text: a DN unless another
                                              attribute is compared */
extern const struct value_type
    value_identity; /* char *: ATTRIBUTE:VALUE, the GUID dashed and in lower case */
#endif
