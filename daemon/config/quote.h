/* A text of the configuration file inside a message: in backquotes, shortened, safe for a terminal. */
#ifndef DNDRIFT_CONFIG_QUOTE_H
#define DNDRIFT_CONFIG_QUOTE_H

#include <stddef.h>

#define QUOTE_MAX_BYTES 120 /* of the text itself; longer ones end in `...` */

/* g_free() it. */
char *quote(const char *text);
char *quote_bytes(const char *bytes, size_t length);
#endif
