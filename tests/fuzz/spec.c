/* Fuzz target: the text of a dn_from. */
#include <string.h>

#include "fuzz.h"
#include "source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autofree char *text = g_strndup((const char *)bytes, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(source_t) source = source_new(text, &error);

    g_assert((source == NULL) == (error != NULL));
    g_assert(!source || *source->file == '/');
    return 0;
}
