/* Escaped text brought under a length, marked with how much was left out. */
#ifndef DNDRIFT_ALERT_CLIP_H
#define DNDRIFT_ALERT_CLIP_H

#include <stddef.h>

/* The escaped text of raw, made by text_escape(raw, ..., NULL), in which `quoted` is still bare: at most
 * max_bytes long once each `quoted` is written \c. If that is not all of it, it ends in ...(+N), N the bytes
 * of raw that are left out. Cut between characters, never inside an escape. A raw
 * that ends so by itself has \x29 in place of its last byte. g_free() it. */
char *clip_text(const char *raw, char quoted, size_t max_bytes);

/* The same of the text that text_clean() makes. */
char *clip_clean(const char *raw, size_t max_bytes);

/* The first max_bytes of a finished line at most, ...(+N) included, N counted in bytes of the line. */
char *clip_line(const char *line, size_t max_bytes);

#endif
