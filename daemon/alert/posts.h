/* What was handed to a courier: not taken yet, or taken so lately that a connection which breaks may still
 * have lost it - a kernel acknowledges what a reader never reads. Gets now as an argument. Owned by the
 * remote. */
#ifndef DNDRIFT_ALERT_POSTS_H
#define DNDRIFT_ALERT_POSTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define POSTS_MAX_TAKEN 2048            /* that are remembered, */
#define POSTS_KEPT_MS   (5 * 60 * 1000) /* ... and for so long */
#define POSTS_CLOSED_MS 2000 /* what was taken before a good-bye: the reader may not have kept it yet */
#define POSTS_MAX_OWED  8    /* connections that one is sent again on: who breaks all of them took it */

struct post {
    uint64_t number;
    char *message;
    bool is_taken;
    bool is_owed;    /* taken once, to be sent again */
    unsigned n_owed; /* how often that was so */
    int64_t mono_taken_ms;
};

struct posts {
    GQueue queue; /* of struct post, in the order of their numbers */
    unsigned n_taken;
};

void posts_init(struct posts *posts);
void posts_clear(struct posts *posts);

/* Takes the message. */
void posts_add(struct posts *posts, uint64_t number, char *message);

/* It arrived. false: nobody waits to hear so, it arrived before. */
bool posts_note_taken(struct posts *posts, uint64_t number, int64_t mono_now_ms);

/* The connection is over. What was not taken is forgotten, for it will be added again; what was, less than
 * kept_ms ago, is owed; so is what was owed already. kept_ms 0: there was no connection. */
void posts_break(struct posts *posts, int64_t kept_ms, int64_t mono_now_ms);

bool posts_has_untaken(const struct posts *posts);
bool posts_has_owed(const struct posts *posts);

#endif
