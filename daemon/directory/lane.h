/* Servers that stand in for one another and are asked one at a time, with what is known of them: all servers
 * of a directory, or one of several that are asked side by side. Owned by the lanes. */
#ifndef DNDRIFT_DIRECTORY_LANE_H
#define DNDRIFT_DIRECTORY_LANE_H

#include "directory/errand.h"

struct lane;

/* What the lanes of a directory share. settings are borrowed until lane_reload(), the others until
 * lane_free(). */
struct lane_means {
    struct event_base *base;
    const char *prober;
    struct discovery *discovery;
    struct credentials *credentials;
    const struct directory_config *settings;
};

/* Without servers yet. only: the URI of its one server; NULL: it has all that there are. */
struct lane *lane_new(const struct lane_means *means, const char *only);
void lane_free(struct lane *lane); /* kills its probers; no more calls */

/* uris: of all servers of the directory. A server that is gone while it is asked costs no answer as long as
 * there is another one in the lane. */
void lane_follow(struct lane *lane, char **uris);

/* is_changed: connects anew after the round. Back-offs end. */
void lane_reload(struct lane *lane, const struct directory_config *settings, bool is_changed);

/* Takes the round, one at a time; listener and is_patient as errand_new() has them. */
void lane_ask(struct lane *lane, struct round *round, bool is_patient, const struct errand_listener *listener,
              void *user);
void lane_cancel(struct lane *lane); /* no more calls about it; fine if nothing is asked */

/* A look-up of servers has ended, and the lane follows it already. */
void lane_on_lookup(struct lane *lane);

void lane_forgive(struct lane *lane); /* all back-offs end */

/* How long until the first of its back-offs ends; 0: a server can be asked. */
int64_t lane_wait_ms(const struct lane *lane);

const char *lane_only(const struct lane *lane);
const char *lane_asked(const struct lane *lane); /* the URI of the server that is asked; NULL: none */
const struct fleet *lane_fleet(const struct lane *lane);
#endif
