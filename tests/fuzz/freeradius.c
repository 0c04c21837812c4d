/* Fuzz target: a module of FreeRADIUS. */
#include "fuzz.h"
#include "source/freeradius_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = freeradius_file_bases(content, "base_dn", &error);

    values_check(values, SOURCE_FREERADIUS, error);
    return 0;
}
