/* Fuzz target: an LDAP DN, read and written. */
#include "fuzz.h"
#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    round_trip(bytes, size, DN_FORM_LDAP);
    return 0;
}
