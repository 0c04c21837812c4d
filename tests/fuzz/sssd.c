/* Fuzz target: sssd.conf. */
#include "fuzz.h"
#include "source/sssd_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = sssd_file_values(content, "domain/a", "ldap_search_base", &error);

    values_check(values, SOURCE_SSSD, error);
    return 0;
}
