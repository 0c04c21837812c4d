/* Fuzz target: an XML file. */
#include "fuzz.h"
#include "source/xml_file.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(bytes, size);
    GError *error = NULL;
    GPtrArray *values = xml_file_values(content, "//a[b='1' or name=$name]//c", "n", &error);

    values_check(values, SOURCE_XML, error);
    return 0;
}
