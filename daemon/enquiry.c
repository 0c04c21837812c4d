#include "enquiry.h"

#include "dn/read.h"

/* What keeps the values from us: with a reason it is unverifiable, without one the consumer lacks them. */
static struct failure why_not(const struct observation *seen)
{
    switch (seen->dn_answer) {
    case DN_ABSENT:
    case DN_OUTSIDE:
        return (struct failure){.text = (char *)"the entry does not exist"};
    case DN_SYNTAX:
        return (struct failure){.text = (char *)"the server takes that for no DN"};
    case DN_FAILED:
        return seen->failure;
    default:
        return (struct failure){PHASE_SEARCH, REASON_ACL, seen->failure.code,
                                (char *)"an access rule may hide the entry"};
    }
}

struct enquiry *enquiry_new(uint64_t round, const char *watch, const struct source *source)
{
    struct enquiry *enquiry = g_new(struct enquiry, 1);

    *enquiry = (struct enquiry){
        round, g_strdup(watch),
        g_strdup_printf("%s of %s in directory %s", source->path, source->file, source->section)};
    return enquiry;
}

void enquiry_free(void *pointer)
{
    struct enquiry *enquiry = pointer;

    g_free(enquiry->watch);
    g_free(enquiry->what);
    g_free(enquiry);
}

struct round *enquiry_round(const struct enquiry *enquiry, const struct source *source,
                            const struct directory_config *settings)
{
    struct round *round = round_new(enquiry->round, false, 2 * settings->timeout_ms);
    struct question *question = question_new(0, NULL);

    question->dn = dn_read_as_ldap(source->file, NULL); /* it was checked */
    question->read = g_strdup(source->path);
    g_ptr_array_add(round->questions, question);
    return round;
}

void enquiry_tell(const struct enquiry *enquiry, const struct observation *observation,
                  struct lookout *lookout)
{
    struct failure why = why_not(observation);
    g_autofree char *text = g_strconcat(enquiry->what, ": ", why.text, NULL);

    why.text = text;
    lookout_answer(lookout, enquiry->watch, observation->values, &why);
}
