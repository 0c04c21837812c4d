/* Fuzz target: a slash form, read and written. */
#include "fuzz.h"
#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    round_trip(bytes, size, DN_FORM_X500);
    return 0;
}
