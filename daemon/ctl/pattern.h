/* How a kind of line looks: words that follow one another in it, and the gaps between them, some with a name.
 *
 * A pattern is written in lower case, as lines are compared without regard to case. `*` is a gap, {dn},
 * {entry}, {matched} and {key} are gaps that are kept; `^` at its beginning ties it to the beginning of the
 * line, `$` at its end to the end. Each word is looked for once, behind the one before it: no line takes more
 * than one pass. */
#ifndef DNDRIFT_CTL_PATTERN_H
#define DNDRIFT_CTL_PATTERN_H

#include <glib.h>
#include <stdbool.h>

#define PATTERN_PAIRS                                                                                        \
    1024 /* pairs of letters, each by its lowest five bits: upper and lower case are one                     \
          */

/* A line as it is compared. Owns nothing. */
struct pattern_line {
    const char *text;
    const char *lower; /* the same in lower case (ASCII) */
    size_t length;
    guint64 pairs[PATTERN_PAIRS / 64]; /* which pairs are in it: most patterns are ruled out by one look */
};

/* `lower` is room for the lower case, and lives as long as the line. */
void pattern_line_init(struct pattern_line *line, const char *text, size_t length, GString *lower);

enum pattern_gap {
    GAP_DN,      /* the name that is complained of */
    GAP_ENTRY,   /* an entry that was to be created: what is above it is complained of */
    GAP_MATCHED, /* the nearest entry that exists */
    GAP_KEY,     /* an operation */
    PATTERN_GAPS
};

struct pattern_span {
    size_t at, length; /* within the line */
    bool is_there;
};

struct pattern_match {
    struct pattern_span gaps[PATTERN_GAPS];
};

/* ret_match is untouched where it does not fit. */
bool pattern_fits(const char *pattern, const struct pattern_line *line, struct pattern_match *ret_match);
#endif
