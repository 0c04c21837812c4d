/* The arguments of a dn_from: separated by blanks, with double quotes round one that has some. */
#ifndef DNDRIFT_SOURCE_WORDS_H
#define DNDRIFT_SOURCE_WORDS_H

#include <glib.h>

/* NULL and a sentence where a quotation mark is not closed. g_strfreev() it. */
char **words_split(const char *text, GError **error);
#endif
