/* Fuzz target: a file of keys and values. */
#include "fuzz.h"
#include "source/keyvalue_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = keyvalue_file_values(content, "b", &error);

    values_check(values, SOURCE_KEYVALUE, error);
    return 0;
}
