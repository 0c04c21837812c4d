#include "config/quote.h"

#include "dn/text.h"

#include <glib.h>
#include <string.h>

char *quote_bytes(const char *bytes, size_t length)
{
    size_t kept = 0;

    while (kept < MIN(length, QUOTE_MAX_BYTES)) {
        bool is_clean = false;

        kept += text_step(bytes + kept, length - kept, &is_clean);
    }
    g_autofree char *clean = text_clean(bytes, kept);

    return g_strdup_printf("`%s%s`", clean, kept < length ? "..." : "");
}

char *quote(const char *text)
{
    return quote_bytes(text, strlen(text));
}
