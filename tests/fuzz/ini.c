/* Fuzz target: an INI file. */
#include "fuzz.h"
#include "source/ini_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = ini_file_values(content, "a", "b", &error);

    values_check(values, SOURCE_INI, error);
    return 0;
}
