/* Fuzz target: a JSON file. */
#include "fuzz.h"
#include "source/json_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = json_file_values(content, "/a/*/b", NULL, &error);

    values_check(values, SOURCE_JSON, error);
    return 0;
}
