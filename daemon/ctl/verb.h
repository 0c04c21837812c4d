/* What dndriftctl can be told to do: one row a verb. */
#ifndef DNDRIFT_CTL_VERB_H
#define DNDRIFT_CTL_VERB_H

#include "ctl/request.h"

struct verb {
    const char *name;
    const char *usage; /* after the name */
    const char *summary;
    const char *help;
    int (*run)(const struct request *request); /* answers the exit status; NULL: of a later version */
};

/* NULL: none of that name. */
const struct verb *verb_find(const char *name);

/* All that this version has: "status, compare or adopt"; g_free() it. And for --help. */
char *verb_list(void);
void verb_print_all(void);
#endif
