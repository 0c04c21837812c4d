/* The lines of a text file, one after the other. Owns nothing. */
#ifndef DNDRIFT_SOURCE_LINES_H
#define DNDRIFT_SOURCE_LINES_H

#include <glib.h>
#include <stdbool.h>

struct lines {
    const char *at, *end;
};

void lines_init(struct lines *lines, GBytes *content);

/* The next one without its end (LF or CR LF); false: there is none. A NUL byte ends nothing. g_free() it. */
bool lines_next(struct lines *lines, char **ret_line);

/* What follows the key in a line `KEY = VALUE` or `KEY VALUE`, with one pair of quotes taken off; NULL: it is
 * no line of that key. g_free() it. */
char *line_value(const char *line, const char *key);
#endif
