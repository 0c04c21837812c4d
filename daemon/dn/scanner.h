/* A place in the text of a DN that is being read: what parse.c and value.c hand each other. It owns nothing.
 */
#ifndef DNDRIFT_DN_SCANNER_H
#define DNDRIFT_DN_SCANNER_H

#include <glib.h>
#include <stdbool.h>

struct scanner {
    const char *text; /* NUL-terminated */
    const char *at;   /* within it: the next byte to be read */
};

/* Blanks round types, `=` and separators mean nothing: RFC 1779 allows spaces, folded files bring the rest.
 */
void scanner_skip_blanks(struct scanner *scanner);

/* Whether a value ends here: a separator, a `+` or the end of the text. */
bool scanner_is_at_boundary(const struct scanner *scanner);

/* Sets a DN_ERROR_SYNTAX that tells the place and what was expected there, as a clause that follows
 * "expected". Always false, so that a reader can return it. */
bool scanner_fail(const struct scanner *scanner, const char *expected, GError **error);
#endif
