/* Fuzz target: a table of Postfix. */
#include "fuzz.h"
#include "source/postfix_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = postfix_file_values(content, "search_base", &error);

    values_check(values, SOURCE_POSTFIX, error);
    return 0;
}
