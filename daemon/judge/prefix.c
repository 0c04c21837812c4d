#include "judge/prefix.h"

#include "dn/fold.h"

/* The value that was borne, whichever question led to it. */
static const char *value_of(const struct observation *observation)
{
    return observation->found_dn ? observation->found_dn : observation->pinned_dn;
}

const char *prefix_lacking(const struct expectation *expectation, const struct observation *observation)
{
    const char *value = value_of(observation);
    const char *above = observation->is_parent_read ? observation->parent_value : expectation->parent_value;

    return expectation->attribute && value && above && *above == '/' && !fold_begins(value, above, '/')
               ? above
               : NULL;
}

void prefix_judge(const struct expectation *expectation, const struct observation *observation,
                  struct judgement *judgement)
{
    if (judgement->verdict == VERDICT_MATCH && prefix_lacking(expectation, observation))
        judgement->verdict = VERDICT_SPELLING;
}
