#include "source/words.h"

#include <string.h>

#include "source/source.h"

char **words_split(const char *text, GError **error)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();

    while (*(text += strspn(text, " \t"))) {
        bool is_quoted = *text == '"';
        size_t length = strcspn(text += is_quoted, is_quoted ? "\"" : " \t");
        g_autofree char *word = g_strndup(text, length);

        text += length;
        if (is_quoted && *text != '"') {
            g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_SPEC, "a quotation mark is not closed");
            return NULL;
        }
        text += is_quoted;
        g_strv_builder_add(words, word);
    }
    return g_strv_builder_end(words);
}
