/* What was handed to a courier or a socket: not taken yet, or taken so lately that a reader which dies may
 * still have lost it - a kernel takes what a reader never reads. Gets now as an argument. Owned by the
 * way. */
#ifndef DNDRIFT_ALERT_POSTS_H
#define DNDRIFT_ALERT_POSTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define POSTS_MAX_TAKEN 2048            /* that are remembered, */
#define POSTS_KEPT_MS   (5 * 60 * 1000) /* ... and for so long, unless the way knows better */
#define POSTS_CLOSED_MS 2000 /* what was taken before a good-bye: the reader may not have kept it yet */
#define POSTS_MAX_OWED  8    /* connections that one is sent again on: who breaks all of them took it */

struct post {
    uint64_t number;
    char *message;
    bool is_taken;
    bool is_owed;    /* taken once, to be sent again */
    unsigned n_owed; /* how often that was so */
    bool is_sure;    /* that it arrived was said */
    int64_t mono_taken_ms;
};

/* What was taken has arrived as far as anybody can know. Once a number. */
typedef void (*posts_sure_fn)(void *user, uint64_t number);

struct posts {
    GQueue queue; /* of struct post, in the order of their numbers */
    unsigned n_taken;
    unsigned n_owed; /* of those */
    posts_sure_fn on_sure;
    void *user;
};

void posts_init(struct posts *posts, posts_sure_fn on_sure, void *user);
void posts_clear(struct posts *posts);

/* Takes the message. */
void posts_add(struct posts *posts, uint64_t number, char *message);

/* It was taken. false: nobody waits to hear so, it was taken before. */
bool posts_note_taken(struct posts *posts, uint64_t number, int64_t mono_now_ms);

/* What was taken kept_ms ago, and is not owed, is sure and forgotten. */
void posts_forget(struct posts *posts, int64_t kept_ms, int64_t mono_now_ms);

/* All that was taken and is not owed is sure, and yet remembered. */
void posts_trust(struct posts *posts);

/* The first that is owed; NULL: none. */
const struct post *posts_first_owed(const struct posts *posts);

/* The connection is over. What was not taken is forgotten, for it will be added again; what was, less than
 * kept_ms ago, is owed; so is what was owed already. kept_ms 0: there was no connection. */
void posts_break(struct posts *posts, int64_t kept_ms, int64_t mono_now_ms);

bool posts_has_untaken(const struct posts *posts);

#endif
