/* Fuzz target: an Accept header. Whatever it says, two types are not both preferred to each other. */
#include "fuzz.h"

#include <glib.h>

#include "health/accept.h"

#define PLAIN "text/plain; version=0.0.4; charset=utf-8"
#define OPEN  "application/openmetrics-text; version=1.0.0; charset=utf-8"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autofree char *accept = g_strndup((const char *)bytes, size);

    g_assert(!accept_prefers(accept, OPEN, PLAIN) || !accept_prefers(accept, PLAIN, OPEN));
    return 0;
}
