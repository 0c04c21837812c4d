/* What the command line wants: a verb, and what stands behind it, which each verb reads itself. Lives as long
 * as the program. */
#ifndef DNDRIFT_CTL_REQUEST_H
#define DNDRIFT_CTL_REQUEST_H

#include "config/config.h"

struct request {
    const char *verb;
    const char *file; /* the configuration: as it was named, else the usual one */
    bool is_file_given;
    char **arguments; /* behind the verb, NULL-terminated; --help is not among them */
};

/* An option. */
struct request_flag {
    const char *name;   /* "--json"; NULL ends the list */
    bool *is_set;       /* NULL: it takes a value */
    const char **value; /* the argument behind it, or behind its `=` */
};

/* The words between the options. */
struct request_words {
    const char *what; /* one of them: "the name of a watch" */
    const char *many; /* that many at most: "one watch" */
    unsigned n_least, n_most;
    const char **words; /* n_most of them, in order; what is not given stays as it is */
};

/* Sets flags and words. false: it was said what is wrong (EXIT_USAGE). */
bool request_read(const struct request *request, const struct request_flag *flags,
                  const struct request_words *words);

/* `dndriftctl: VERB ...` and where help is to be found, on stderr. Answers EXIT_USAGE. */
int request_refuse(const struct request *request, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The configuration as a client reads it; NULL: it was said what is wrong (EXIT_UNREACHED). */
struct config *request_config(const struct request *request);

/* The same for a verb that asks the daemon: there is a control socket in it. */
struct config *request_config_of_daemon(const struct request *request);
#endif
