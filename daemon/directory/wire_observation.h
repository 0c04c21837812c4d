/* The payloads of wire.h that carry the types of judge/observation.h. Only wire.c and its
 * like call this. */
#ifndef DNDRIFT_DIRECTORY_WIRE_OBSERVATION_H
#define DNDRIFT_DIRECTORY_WIRE_OBSERVATION_H

#include "directory/parcel.h"
#include "judge/observation.h"

void wire_put_failure(GByteArray *out, const struct failure *failure);
void wire_put_count(GByteArray *out, const struct count *count);
void wire_put_question_payload(GByteArray *out, const struct question *question);
void wire_put_observation_payload(GByteArray *out, const struct observation *observation);

/* The result is to be freed even if the parcel broke on the way; it is whole only if it did not. */
void wire_take_failure(struct parcel *parcel, struct failure *ret_failure);
void wire_take_count(struct parcel *parcel, struct count *ret_count);
struct question *wire_take_question_payload(struct parcel *parcel);
struct observation *wire_take_observation_payload(struct parcel *parcel);
#endif
