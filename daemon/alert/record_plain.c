#include "alert/record_plain.h"

#include <glib.h>

static void quote_into(GString *line, const char *text, char quoted)
{
    for (; *text; text++) {
        if (*text == quoted)
            g_string_append_c(line, '\\');
        g_string_append_c(line, *text);
    }
}

char *record_plain_print(const struct record *record)
{
    GString *line = g_string_new(NULL);

    quote_into(line, record->description, ';');
    for (unsigned i = 0; i < record->n_tags; i++) {
        g_string_append_printf(line, "%s%s='", i ? ", " : "; ", record->tags[i].name);
        quote_into(line, record->tags[i].value, '\'');
        g_string_append_c(line, '\'');
    }
    return g_string_free(line, FALSE);
}
