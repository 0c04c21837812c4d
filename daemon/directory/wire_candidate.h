/* The payloads of wire.h by which containers are looked for. Only wire.c calls this. */
#ifndef DNDRIFT_DIRECTORY_WIRE_CANDIDATE_H
#define DNDRIFT_DIRECTORY_WIRE_CANDIDATE_H

#include "directory/parcel.h"
#include "directory/wire.h"

void wire_put_wanted_payload(GByteArray *out, const struct wire_wanted *wanted);
void wire_put_candidate_payload(GByteArray *out, const struct wire_candidate *candidate);
void wire_put_obtained_payload(GByteArray *out, const struct wire_obtained *obtained);

/* The result is to be freed or cleared even if the parcel broke on the way; it is whole only if it did not.
 */
void wire_take_wanted_payload(struct parcel *parcel, struct wire_wanted *ret_wanted);
struct wire_candidate *wire_take_candidate_payload(struct parcel *parcel);
void wire_take_obtained_payload(struct parcel *parcel, struct wire_obtained *ret_obtained);
#endif
