/* What dndriftctl can be told to do: one row a verb. */
#ifndef DNDRIFT_CTL_VERB_H
#define DNDRIFT_CTL_VERB_H

#include <stdbool.h>

#include "config/config.h"

/* The command line after the verb, checked. */
struct order {
    const struct config *config; /* NULL for a verb that takes DNs */
    const char *watch;           /* NULL: not given */
    const char *dns[2];          /* the second may be NULL */
    bool is_json;
    bool is_print;
};

struct verb {
    const char *name;
    const char *usage; /* after the name */
    const char *summary;
    const char *help;
    bool needs_watch;
    bool takes_json;
    bool takes_print;
    bool is_offline; /* it wants the configuration, and no daemon */
    bool takes_dns;  /* one or two, no watch: it asks neither the daemon nor its configuration */
    /* one of these, which answers the exit status; neither: of a later version */
    int (*run)(const struct order *order);
    int (*run_alone)(const char *file, char **arguments); /* reads configuration and arguments itself */
};

/* NULL: none of that name. */
const struct verb *verb_find(const char *name);

/* Whether this version has it. */
bool verb_is_here(const struct verb *verb);

/* All that this version has, for --help. */
void verb_print_all(void);
#endif
