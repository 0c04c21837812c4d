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

char *record_plain_print(const struct fields *fields)
{
    GString *line = g_string_new(NULL);

    quote_into(line, fields->description, ';');
    for (unsigned i = 0; i < fields->n_tags; i++) {
        g_string_append_printf(line, "%s%s='", i ? ", " : "; ", fields->tags[i].name);
        quote_into(line, fields->tags[i].value, '\'');
        g_string_append_c(line, '\'');
    }
    return g_string_free(line, FALSE);
}
