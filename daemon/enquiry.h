/* One question to a directory: what it keeps of the DNs that a consumer was told. Owned by whoever asks it.
 */
#ifndef DNDRIFT_ENQUIRY_H
#define DNDRIFT_ENQUIRY_H

#include "directory/round.h"
#include "source/lookout.h"

struct enquiry {
    uint64_t round;
    char *watch;
    char *what; /* for sentences */
};

struct enquiry *enquiry_new(uint64_t round, const char *watch, const struct source *source);
void enquiry_free(void *enquiry);

/* The question as a round of its own, for the directory of the source with these settings; the caller owns
 * it. */
struct round *enquiry_round(const struct enquiry *enquiry, const struct source *source,
                            const struct directory_config *settings);

/* Tells the lookout the answer. */
void enquiry_tell(const struct enquiry *enquiry, const struct observation *observation,
                  struct lookout *lookout);
#endif
