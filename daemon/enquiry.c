#include "enquiry.h"

#include "dn/read.h"

#define FIRST_ROUND ((uint64_t)1 << 63) /* those of the engine count from 1 */

struct enquiry {
    uint64_t round;
    char *watch;
    uint64_t number; /* that the lookout knows it by */
    char *what;      /* for sentences */
};

void enquiry_free(void *pointer)
{
    struct enquiry *enquiry = pointer;

    g_free(enquiry->watch);
    g_free(enquiry->what);
    g_free(enquiry);
}

bool enquiry_is(uint64_t round)
{
    return round >= FIRST_ROUND;
}

void enquiry_ask(void *user, const char *watch, uint64_t number, const struct source *source)
{
    struct parts *parts = user;
    struct directory *directory = g_hash_table_lookup(parts->directories, source->section);
    const struct directory_config *config = config_directory(parts->written, source->section);
    struct enquiry *enquiry = g_new(struct enquiry, 1);
    struct question *question = question_new(0, NULL);
    struct round *round;

    *enquiry = (struct enquiry){
        FIRST_ROUND + ++parts->n_enquiries, g_strdup(watch), number,
        g_strdup_printf("%s of %s in directory %s", source->path, source->file, source->section)};
    g_hash_table_insert(parts->enquiries, &enquiry->round, enquiry);
    question->dn = dn_read_as_ldap(source->file, NULL); /* it was checked */
    question->read = g_strdup(source->path);
    round = round_new(enquiry->round, false, 2 * config->timeout_ms);
    g_ptr_array_add(round->questions, question);
    directory_ask(directory, round);
}

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

static bool has_all(GPtrArray *values, const GPtrArray *of)
{
    for (unsigned i = 0; i < of->len; i++)
        if (!g_ptr_array_find_with_equal_func(values, of->pdata[i], g_str_equal, NULL))
            return false;
    return true;
}

/* In whatever order. */
static bool is_same(GPtrArray *a, GPtrArray *b)
{
    return a && b ? has_all(a, b) && has_all(b, a) : a == b;
}

/* Whether all replicas that answer say the same: else one of them is behind, and which is not known. */
static bool is_agreed(const struct observation *seen)
{
    for (unsigned i = 0; seen->others && i < seen->others->len; i++) {
        const struct observation *other = seen->others->pdata[i];
        if (other->dn_answer != DN_FAILED && !is_same(seen->values, other->values))
            return false;
    }
    return true;
}

void enquiry_on_observation(struct parts *parts, uint64_t round, const struct observation *seen)
{
    const struct enquiry *enquiry = g_hash_table_lookup(parts->enquiries, &round);
    bool has_answer = is_agreed(seen);
    struct failure why = why_not(seen);

    if (!enquiry)
        return;
    if (!has_answer)
        why = (struct failure){PHASE_SEARCH, REASON_SERVER, 0, (char *)"its replicas tell different values"};
    g_autofree char *text = g_strconcat(enquiry->what, ": ", why.text, NULL);
    why.text = text;
    lookout_answer(parts->lookout, enquiry->watch, enquiry->number, has_answer ? seen->values : NULL, &why);
    g_hash_table_remove(parts->enquiries, &round);
}
