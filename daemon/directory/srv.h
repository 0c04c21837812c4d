/* The servers that a domain names by SRV records, and in which order they are tried: RFC 2782, "Usage rules".
 * Pure: the random numbers come from the caller. */
#ifndef DNDRIFT_DIRECTORY_SRV_H
#define DNDRIFT_DIRECTORY_SRV_H

#include "directory/wire.h"

/* The order is drawn here: by priority, and within one by weight. servers: of struct wire_server, sorted in
 * place; every order that it was in before leads to the same chances. */
void srv_draw(GPtrArray *servers, GRand *random);

/* Whether both hold the same records in the same order. */
bool srv_equal(const GPtrArray *a, const GPtrArray *b);

/* ldap://host:port; g_free() it. */
char *srv_uri(const struct wire_server *server);
#endif
