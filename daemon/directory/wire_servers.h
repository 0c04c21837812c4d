/* The payload of WIRE_SERVERS in wire.h. Only wire.c calls this. */
#ifndef DNDRIFT_DIRECTORY_WIRE_SERVERS_H
#define DNDRIFT_DIRECTORY_WIRE_SERVERS_H

#include "directory/parcel.h"
#include "directory/wire.h"

void wire_put_servers_payload(GByteArray *out, const GPtrArray *servers);

/* Of struct wire_server; to be freed even if the parcel broke on the way, when it is not whole. Breaks the
 * parcel when there is no server, or one that cannot be. */
GPtrArray *wire_take_servers_payload(struct parcel *parcel);
#endif
