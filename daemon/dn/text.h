/* Text that came from outside, made safe to show: the only escapes this project writes are \\ \xHH and \c for
 * the few characters a sink must not see bare. Used by every sink: log lines, terminals, pages. */
#ifndef DNDRIFT_DN_TEXT_H
#define DNDRIFT_DN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Valid UTF-8 stays; C0, DEL, C1, U+2028, U+2029, bidi controls and invalid bytes become \xHH (a byte each),
 * `\` becomes `\\`, and each ASCII character of `also` (may be NULL) becomes \c. g_free() the result. */
char *text_escape(const char *bytes, size_t length, const char *also);

/* The bytes that text_escape() made this text of, `also` being NULL; NULL: it is no such text, or there was a
 * NUL among them. g_free() it. */
char *text_unescape(const char *text);

/* Whether the bytes can be shown as they are: text_escape() would change nothing but `\`. Texts of their own
 * making, with escapes in them, are clean. */
bool text_is_clean(const char *bytes, size_t length);

/* Like text_escape() for JSON and other encoders of their own: only what is not clean becomes \xHH. `\`
 * stays, but as \x5c where it would be read as the beginning of such an escape: so the bytes can be had back.
 * To be made once, where a text leaves the program. g_free() it. */
char *text_clean(const char *bytes, size_t length);

/* The bytes that text_clean() made this text of; a \x00, which it makes of no text, stays. NULL for NULL.
 * g_free() it. */
char *text_unclean(const char *text);

/* The length in bytes of the character at `bytes` (1 where it is no UTF-8) and whether it can be shown as it
 * is; `length` is at least 1. For writers with escapes of their own. */
size_t text_step(const char *bytes, size_t length, bool *ret_is_clean);
#endif
