#define _GNU_SOURCE /* memmem() */
#include "ctl/pattern.h"

#include <string.h>

static const char *const gap_names[PATTERN_GAPS] = {"{dn}", "{entry}", "{matched}", "{key}"};

#define GAP_SIGNS "*{$"

static bool is_sign(char c)
{
    return c == '*' || c == '{' || c == '$' || c == '\0';
}

static unsigned pair_of(const char *at)
{
    return (unsigned)(at[0] & 31) << 5 | (unsigned)(at[1] & 31);
}

static bool has_pair(const struct pattern_line *line, unsigned pair)
{
    return line->pairs[pair / 64] >> (pair % 64) & 1;
}

void pattern_line_init(struct pattern_line *line, const char *text, size_t length, GString *lower)
{
    g_string_truncate(lower, 0);
    g_string_append_len(lower, text, (gssize)length);
    g_string_ascii_down(lower);
    *line = (struct pattern_line){.text = text, .lower = lower->str, .length = length};
    for (size_t i = 0; i + 1 < length; i++) {
        unsigned pair = pair_of(lower->str + i);

        line->pairs[pair / 64] |= (guint64)1 << (pair % 64);
    }
}

/* False: a pair of letters in a word of the pattern is not in the line. */
static bool may_fit(const char *pattern, const struct pattern_line *line)
{
    for (pattern += *pattern == '^'; *pattern; pattern++) {
        if (*pattern == '{')
            pattern = strchr(pattern, '}');
        else if (!is_sign(pattern[0]) && !is_sign(pattern[1]) && !has_pair(line, pair_of(pattern)))
            return false;
    }
    return true;
}

/* A pattern on its way through a line. */
struct walk {
    const char *pattern; /* what is left of it */
    size_t at;           /* the line is used up to here */
    bool is_tied;        /* the next word begins at `at` */
    int gap;             /* the one before the next word, or PATTERN_GAPS: without a name */
    size_t gap_at;
    struct pattern_match match;
};

static void keep_gap(struct walk *walk, size_t end)
{
    if (walk->gap < PATTERN_GAPS)
        walk->match.gaps[walk->gap] = (struct pattern_span){walk->gap_at, end - walk->gap_at, true};
}

static bool take_word(struct walk *walk, const struct pattern_line *line, size_t length)
{
    const char *from = line->lower + walk->at;
    size_t left = line->length - walk->at;
    const char *found = walk->is_tied
                            ? (left >= length && memcmp(from, walk->pattern, length) == 0 ? from : NULL)
                            : memmem(from, left, walk->pattern, length);

    if (!found)
        return false;
    keep_gap(walk, (size_t)(found - line->lower));
    walk->at = (size_t)(found - line->lower) + length;
    walk->pattern += length;
    return true;
}

/* Takes `*` or {name} off the pattern. */
static void take_gap(struct walk *walk)
{
    walk->gap = PATTERN_GAPS;
    walk->gap_at = walk->at;
    walk->is_tied = false;
    for (int i = 0; i < PATTERN_GAPS && *walk->pattern == '{'; i++)
        if (g_str_has_prefix(walk->pattern, gap_names[i]))
            walk->gap = i;
    walk->pattern += walk->gap < PATTERN_GAPS ? strlen(gap_names[walk->gap]) : 1;
}

bool pattern_fits(const char *pattern, const struct pattern_line *line, struct pattern_match *ret_match)
{
    struct walk walk = {
        .pattern = pattern + (*pattern == '^'), .is_tied = *pattern == '^', .gap = PATTERN_GAPS};

    if (!may_fit(pattern, line))
        return false;
    for (;;) {
        size_t length = strcspn(walk.pattern, GAP_SIGNS);

        if (length > 0 && !take_word(&walk, line, length))
            return false;
        if (*walk.pattern == '$' && walk.at != line->length)
            return false;
        if (*walk.pattern == '$' || *walk.pattern == '\0')
            break;
        take_gap(&walk);
        if (*walk.pattern == '\0') { /* the rest of the line */
            keep_gap(&walk, line->length);
            break;
        }
    }
    *ret_match = walk.match;
    return true;
}
