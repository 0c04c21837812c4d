/* A container that may be the one that is meant, as people and programs are told of it. */
#ifndef DNDRIFT_CTL_CANDIDATE_H
#define DNDRIFT_CTL_CANDIDATE_H

#include <jansson.h>

#include "ctl/forms.h"
#include "directory/wire.h"

struct candidate {
    const struct wire_candidate *told; /* borrowed */
    char *directory_name;              /* the value of its RDN, or the RDN if that is no plain text */
    char *display_name;                /* NULL: it shows none */
    bool is_other_name;                /* they differ */
    forms_t *forms;                    /* NULL: its DN cannot be read */
    char *section;                     /* to be pasted; NULL: a configuration file cannot hold its DN */
};

/* taken: the names of watches, see section_name(). entry_filter: for the section; NULL: none. */
struct candidate *candidate_new(const struct wire_candidate *told, const char *directory,
                                const char *entry_filter, GHashTable *taken);
void candidate_free(struct candidate *candidate);

/* A block of lines; g_free() it. */
char *candidate_print(const struct candidate *candidate);
json_t *candidate_json(const struct candidate *candidate); /* a new reference */

typedef struct candidate candidate_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(candidate_t, candidate_free)
#endif
