/* One line of dndriftd.conf, taken apart. This is where the file's grammar stands:
 *
 *   [WORD] or [WORD NAME]    a section
 *   KEY = VALUE              a setting; blanks round KEY and VALUE do not count
 *   # or ;                   at the start of a line: a comment
 *   VALUE ; comment          a blank and a semicolon end a value
 *   VALUE \; VALUE           ... and this writes the semicolon; further backslashes before it stay
 *
 * Indentation means nothing, and a value never goes on in a second line. */
#ifndef DNDRIFT_CONFIG_LINE_H
#define DNDRIFT_CONFIG_LINE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define LINE_MAX_VALUE_BYTES 8192
#define LINE_MAX_KEY_BYTES   40

enum line_kind { LINE_EMPTY, LINE_SECTION, LINE_PAIR };

struct line {
    enum line_kind kind;
    char *word;       /* LINE_SECTION: the first word; LINE_PAIR: the key */
    char *value;      /* LINE_SECTION: the name, NULL if none; LINE_PAIR: the value, without escapes */
    bool is_indented; /* some file formats would read it as the rest of the value above */
};

/* Takes one line without its line end. false and a sentence when it is none of the above; then and otherwise
 * clear it with line_clear(). ret_line->kind is right even for a bad line, as far as it can be told. */
bool line_parse(const char *bytes, size_t length, struct line *ret_line, GError **error);
void line_clear(struct line *line);

/* The text that line_parse() reads as this value: escapes where they are needed. g_free() it. */
char *line_escape_value(const char *value);
#endif
