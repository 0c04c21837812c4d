/* What dndriftctl can be told to do: one row a verb. */
#ifndef DNDRIFT_CTL_VERB_H
#define DNDRIFT_CTL_VERB_H

#include <stdbool.h>

#include "config/config.h"

/* The command line after the verb, checked. */
struct order {
    const char *file; /* the configuration: as it was named, else the usual one */
    bool is_file_given;
    const struct config *config; /* NULL for a verb that takes DNs or text */
    const char *watch;           /* NULL: not given */
    const char *dns[2];          /* the second may be NULL */
    char *text; /* the arguments, a blank between; NULL: none. Whoever parsed them frees it */
    bool is_json;
};

struct verb {
    const char *name;
    const char *usage; /* after the name */
    const char *summary;
    const char *help;
    bool needs_watch;
    bool takes_json;
    bool takes_dns;  /* one or two, no watch: it asks neither the daemon nor its configuration */
    bool takes_text; /* any arguments, no watch: it reads the configuration itself, if there is one */
    int (*run)(const struct order *order); /* answers the exit status; NULL: of a later version */
};

/* NULL: none of that name. */
const struct verb *verb_find(const char *name);

/* All that this version has, for --help. */
void verb_print_all(void);
#endif
