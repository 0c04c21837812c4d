/* Fuzz target: settings of Dovecot. */
#include "fuzz.h"
#include "source/dovecot_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = dovecot_file_values(content, "base", &error);

    values_check(values, SOURCE_DOVECOT, error);
    return 0;
}
