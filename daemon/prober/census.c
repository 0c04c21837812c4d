#include "prober/census.h"

#include <string.h>

#include "prober/count.h"
#include "prober/result.h"

#define MAX_DIGITS 9 /* of a number of entries that is believed */

/* What the entry itself says of those below it, seen or not. */
struct told {
    enum { TOLD_NOTHING, TOLD_NONE, TOLD_SOME } answer;
    bool is_number; /* and `number` is how many */
    uint32_t number;
};

static struct told read_number(const char *text, bool is_estimate)
{
    size_t n_digits = strspn(text, "0123456789");

    if (n_digits == 0 || n_digits > MAX_DIGITS || text[n_digits])
        return (struct told){TOLD_NOTHING};
    uint32_t number = (uint32_t)g_ascii_strtoull(text, NULL, 10);
    if (is_estimate)
        return (struct told){number > 0 ? TOLD_SOME : TOLD_NOTHING};
    return (struct told){number > 0 ? TOLD_SOME : TOLD_NONE, true, number};
}

static struct told read_told(const struct kind *kind, const struct entry *entry)
{
    const char *text = entry_text(entry, kind->children);

    if (text && kind->children_form != CHILDREN_PRESENCE)
        return read_number(text, kind->children_form == CHILDREN_ESTIMATE);
    if (text && g_ascii_strcasecmp(text, "TRUE") == 0)
        return (struct told){TOLD_SOME};
    return (struct told){text && g_ascii_strcasecmp(text, "FALSE") == 0 ? TOLD_NONE : TOLD_NOTHING};
}

static bool is_none(const struct count *count)
{
    return count->answer == COUNT_COMPLETE && count->number == 0;
}

/* What can be seen, corrected by what is told. */
static struct count count_entries(const struct told *told, const struct count *visible)
{
    if (told->is_number)
        return (struct count){COUNT_COMPLETE, told->number};
    return told->answer == TOLD_SOME && is_none(visible) ? (struct count){COUNT_HIDDEN, 0} : *visible;
}

/* Those that match may be among those that cannot be seen. */
static void correct_matching(const struct told *told, const struct count *visible, struct count *matching,
                             struct failure *failure)
{
    if (matching->answer != COUNT_COMPLETE)
        return;
    if (told->answer == TOLD_SOME && is_none(visible)) {
        *matching = (struct count){COUNT_HIDDEN, 0};
    } else if (told->is_number && visible->answer == COUNT_COMPLETE && visible->number < told->number) {
        matching->answer = COUNT_AT_LEAST;
        failure_set(failure, PHASE_SEARCH, REASON_ACL, 0, "of the %u entries below it only %u can be seen",
                    told->number, visible->number);
    }
}

bool census_take(struct probe *probe, const struct entry *entry, const struct question *question,
                 struct observation *seen, struct failure *failure)
{
    const struct kind *kind = probe->profile->kind;
    const char *any_entry = kind->any_entry ? kind->any_entry : "(objectClass=*)";
    const struct told told = read_told(kind, entry);
    struct count visible = {COUNT_COMPLETE, 0};
    bool is_enough = told.answer == TOLD_NONE || (told.is_number && !question->entry_filter);

    if (!is_enough && !count_below(probe, entry->dn, any_entry, question->entry_limit, &visible, failure))
        return false;
    seen->entries = count_entries(&told, &visible);
    if (!question->entry_filter)
        return true;
    if (!count_below(probe, entry->dn, question->entry_filter, question->entry_limit, &seen->matching,
                     failure))
        return false;
    correct_matching(&told, &visible, &seen->matching, failure);
    return true;
}
