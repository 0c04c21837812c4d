/* A reader of alert lines that shares nothing with the writer: what a log tool would do by the documentation.
 */
#ifndef DNDRIFT_TESTS_LOG_LINE_H
#define DNDRIFT_TESTS_LOG_LINE_H

#include <glib.h>
#include <stdbool.h>

#define LOG_LINE_TAGS 16

/* The texts are decoded; they may hold anything but NUL. */
struct log_line {
    char *word;
    char *name;
    char *sentence;
    unsigned n_tags;
    char *tag_names[LOG_LINE_TAGS];
    char *tag_values[LOG_LINE_TAGS];
};

/* Why the line breaks the rules (static text); NULL if it is well, then clear *ret_line. */
const char *log_line_parse(const char *text, struct log_line *ret_line);
void log_line_clear(struct log_line *line);
const char *log_line_tag(const struct log_line *line, const char *name); /* NULL: not there */

/* Whether decoded stands for raw: the same bytes, or its beginning and ...(+N) for the N bytes that are left
 * out. */
bool log_line_stands_for(const char *decoded, const char *raw);

#endif
