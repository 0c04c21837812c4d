/* What is known of the value that the nearest entry above a watched one bears, and when to read it again: a
 * change there is rare, and to ask each time would double what a comparison costs. Part of a watch. */
#ifndef DNDRIFT_FOREBEAR_H
#define DNDRIFT_FOREBEAR_H

#include "judge/observation.h"

#define FOREBEAR_EVERY 10 /* comparisons from one reading to the next while nothing else changes */

struct forebear {
    char *value;      /* NULL: nobody above has one */
    char *of_dn;      /* the entry that it was read for; NULL: none yet */
    char *of_value;   /* ... and that one's value then */
    unsigned n_since; /* comparisons */
};

/* Whether the next question is to read it: the first, after a change of the entry's place or value, and else
 * each FOREBEAR_EVERY. */
bool forebear_is_due(const struct forebear *forebear);

void forebear_note(struct forebear *forebear, const struct observation *observation);
void forebear_clear(struct forebear *forebear);
#endif
