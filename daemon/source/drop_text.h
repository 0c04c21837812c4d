/* The text of a drop: the source that was read, then its DNs or why there are none, a line each, escaped. */
#ifndef DNDRIFT_SOURCE_DROP_TEXT_H
#define DNDRIFT_SOURCE_DROP_TEXT_H

#include <glib.h>

#define DROP_TEXT_MAX_BYTES (1024 * 1024)

/* spec: the text of the dn_from; values (char *), or NULL and a problem. Never longer than
 * DROP_TEXT_MAX_BYTES: DNs that do not fit become a problem. g_free() it. */
char *drop_text_print(const char *spec, const GPtrArray *values, const char *problem);

/* The DNs (char *) of that source. NULL and SOURCE_ERROR_CONTENT with the problem that was found instead, or
 * SOURCE_ERROR_FILE with a clause that follows the file's name: it is of another source, or no such text. */
GPtrArray *drop_text_values(GBytes *content, const char *spec, GError **error);
#endif
