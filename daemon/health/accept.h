/* What a client would rather get, as its Accept headers say (RFC 9110, section 12.5.1). Pure. */
#ifndef DNDRIFT_HEALTH_ACCEPT_H
#define DNDRIFT_HEALTH_ACCEPT_H

#include <stdbool.h>

/* Whether the client wants media type `type` more than `other`: by the quality it gives them, then by how
 * closely it names them. accept: what all its headers say, with commas between; NULL: it sent none. What is
 * malformed in it is passed over. */
bool accept_prefers(const char *accept, const char *type, const char *other);
#endif
