/* Fuzz target: nslcd.conf. */
#include "fuzz.h"
#include "source/nslcd_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = nslcd_file_bases(content, &error);

    values_check(values, SOURCE_NSLCD, error);
    return 0;
}
