/* What the consumers tell: their files, read anew at each round and whenever something happens to one
 * (inotify(7)), and entries of directories. Never blocks: threads read, and directories are asked by the
 * listener. Owned by the daemon. */
#ifndef DNDRIFT_SOURCE_LOOKOUT_H
#define DNDRIFT_SOURCE_LOOKOUT_H

#include <event2/event.h>

#include "config/config.h"
#include "source/source.h"

#define LOOKOUT_SLOW_MS     10000 /* reading one file may take so long before that is told */
#define LOOKOUT_RESTLESS_MS 10000 /* a file that is written to all the time is read all the same */

struct lookout;

/* Calls come from the event loop. */
struct lookout_listener {
    void (*on_change)(void *user); /* what some consumers tell has changed: once for many */
    /* The directory of the source is to be asked for its values: lookout_answer() is due, with this number.
     */
    void (*on_ask)(void *user, const char *watch, uint64_t number, const struct source *source);
};

struct lookout *lookout_new(struct event_base *base, const struct lookout_listener *listener, void *user);
void lookout_free(struct lookout *lookout);

/* The sources are those of the watches with dn_from. One that stays keeps what it told; one that is kept
 * elsewhere now is taken to tell the same until it was read. */
void lookout_follow(struct lookout *lookout, const struct config *config);

/* What a watch was told before this daemon started, in place of nothing. Takes the values (char *). */
void lookout_remember(struct lookout *lookout, const char *watch, GPtrArray *values);

/* What a directory told (char *); NULL: it gave no complete answer, as the failure says. Both are borrowed.
 * Nothing happens if nobody asks any more, or for something else. */
void lookout_answer(struct lookout *lookout, const char *watch, uint64_t number, const GPtrArray *values,
                    const struct failure *failure);

/* What was told last (char *), each once, at least one; NULL: nothing yet. Good until the loop goes on. */
const GPtrArray *lookout_values(const struct lookout *lookout, const char *watch);

/* Why that is not told now; text NULL: it is, or it was not read yet. */
const struct failure *lookout_failure(const struct lookout *lookout, const char *watch);
#endif
