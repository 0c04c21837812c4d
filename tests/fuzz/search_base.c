/* Fuzz target: the search bases in a value of SSSD. */
#include "fuzz.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(values, g_strndup((const char *)bytes, size));
    values_check(values, SOURCE_SSSD, NULL);
    return 0;
}
