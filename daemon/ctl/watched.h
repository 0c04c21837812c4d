/* The watches, as the daemon tells them or, while it does not answer, as its configuration names them. */
#ifndef DNDRIFT_CTL_WATCHED_H
#define DNDRIFT_CTL_WATCHED_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#include "config/config.h"

enum relation {
    RELATION_NONE,
    RELATION_SAME,  /* the name is the configured one */
    RELATION_BELOW, /* the name is of an entry below the watched container */
    RELATION_ABOVE  /* the watched container lies below the name */
};

struct watched {
    GPtrArray *watches; /* of json_t: the objects of /watches, with less in them when the daemon is away */
    GPtrArray *keys;    /* of char: dn_key() of each, NULL where the configured value is no DN */
    char *problem;      /* why nothing could be compared live, a sentence; NULL: the daemon has answered */
};

/* Asks the daemon; config may be NULL, with the reason in `problem`. */
struct watched *watched_new(const struct config *config, const char *problem);
void watched_free(struct watched *watched);

/* Of a name, in whichever form, to the watch of that index. */
enum relation watched_relation(const struct watched *watched, unsigned index, const char *key);

/* A text of the watch, NULL: none. */
const char *watched_text(const struct watched *watched, unsigned index, const char *key);

typedef struct watched watched_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(watched_t, watched_free)
#endif
