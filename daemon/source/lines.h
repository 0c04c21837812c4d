/* The lines of a text file, one after the other. Owns nothing. */
#ifndef DNDRIFT_SOURCE_LINES_H
#define DNDRIFT_SOURCE_LINES_H

#include <glib.h>
#include <stdbool.h>

struct lines {
    const char *at, *end;
};

void lines_init(struct lines *lines, GBytes *content);
void lines_skip_mark(struct lines *lines); /* a byte order mark */

/* The next one without its end (LF or CR LF); false: there is none. A NUL byte ends nothing. g_free() it. */
bool lines_next(struct lines *lines, char **ret_line);

/* What follows the key in a line `KEY = VALUE` or `KEY VALUE`, with one pair of quotes taken off; NULL: it is
 * no line of that key. g_free() it. */
char *line_value(const char *line, const char *key);

/* The text without the blanks round it. g_free() it. */
char *line_trim(const char *text, const char *blanks);

/* What follows the sign in a line `NAME = VALUE`, and the name, both without the blanks round them; NULL: it
 * is no such line. g_free() both. */
char *line_assignment(const char *line, const char *blanks, char **ret_name);
#endif
