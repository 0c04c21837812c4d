/* Two DNs side by side, each in its form: equal or not, and where they part. */
#ifndef DNDRIFT_CTL_PAIR_H
#define DNDRIFT_CTL_PAIR_H

#include "ctl/forms.h"

struct pair {
    bool is_equal;
    bool are_types_compared; /* no: a canonical name does not tell them */
    char
        *difference; /* a clause, clean text; of equal ones how the spelling differs, NULL when it does not */
};

/* Clear the result with pair_clear(). */
void pair_compare(const struct forms *a, const struct forms *b, struct pair *ret_pair);
void pair_clear(struct pair *pair);
#endif
