#include "enquiries.h"

#include "enquiry.h"

#define FIRST_ROUND ((uint64_t)1 << 63) /* those of the engine count from 1 */

bool enquiries_have(uint64_t round)
{
    return round >= FIRST_ROUND;
}

void enquiries_ask(void *user, const char *watch, const struct source *source)
{
    struct parts *parts = user;
    struct directory *directory = g_hash_table_lookup(parts->directories, source->section);
    const struct directory_config *settings = config_directory(parts->written, source->section);
    struct enquiry *enquiry = enquiry_new(FIRST_ROUND + ++parts->n_enquiries, watch, source);

    g_hash_table_insert(parts->enquiries, &enquiry->round, enquiry);
    directory_ask(directory, enquiry_round(enquiry, source, settings));
}

void enquiries_on_observation(struct parts *parts, uint64_t round, const struct observation *observation)
{
    const struct enquiry *enquiry = g_hash_table_lookup(parts->enquiries, &round);

    if (!enquiry)
        return;
    enquiry_tell(enquiry, observation, parts->lookout);
    g_hash_table_remove(parts->enquiries, &round);
}
