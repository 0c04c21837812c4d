/* A search for containers put to the servers of a directory, one after the other until one has answered it.
 * Waits for the outcome: for a program that has nothing else to do. */
#ifndef DNDRIFT_DIRECTORY_CANVASS_H
#define DNDRIFT_DIRECTORY_CANVASS_H

#include "config/config.h"
#include "directory/wire.h"

/* A server that gave no answer, or the URI of a domain whose servers could not be looked up. */
struct canvass_failure {
    char *server;
    struct failure failure;
};

/* The answer, and who gave it. */
struct canvass {
    char *server;                  /* scheme://host:port; NULL: none has answered */
    char *kind;                    /* of server */
    GPtrArray *candidates;         /* of struct wire_candidate */
    struct wire_obtained obtained; /* of the server */
    GPtrArray *failures;           /* of struct canvass_failure, in the order in which they were met */
};

/* prober: path of dndrift-prober. A server that refuses the credentials is the last one that is asked: trying
 * them on all of them could lock the account out. Whether one has answered. */
bool canvass_run(struct canvass *ret_canvass, const char *prober, const struct directory_config *settings,
                 const struct wire_wanted *wanted);
void canvass_clear(struct canvass *canvass);
#endif
