/* Servers that stand in for one another and are asked one at a time, with what is known of them: all servers
 * of a directory, or one of several that are asked side by side. Owned by the lanes. */
#ifndef DNDRIFT_DIRECTORY_LANE_H
#define DNDRIFT_DIRECTORY_LANE_H

#include "directory/errand.h"

struct lane;

/* only: the URI of its one server; NULL: it has all of uris. settings are borrowed until lane_reload(),
 * credentials until lane_free(). */
struct lane *lane_new(struct event_base *base, const struct directory_config *settings, char *const *uris,
                      const char *only, const char *prober, struct credentials *credentials);
void lane_free(struct lane *lane); /* kills its probers; no more calls */

/* is_changed: connects anew after the round. Back-offs end. A server that is gone while it is asked costs no
 * answer as long as there is another one in the lane. */
void lane_reload(struct lane *lane, const struct directory_config *settings, char *const *uris,
                 bool is_changed);

/* Takes the round, one at a time; listener and is_patient as errand_new() has them. */
void lane_ask(struct lane *lane, struct round *round, bool is_patient, const struct errand_listener *listener,
              void *user);
void lane_cancel(struct lane *lane); /* no more calls about it; fine if nothing is asked */

void lane_forgive(struct lane *lane); /* all back-offs end */

/* How long until the first of its back-offs ends; 0: a server can be asked. */
int64_t lane_wait_ms(const struct lane *lane);

const char *lane_only(const struct lane *lane);
const struct fleet *lane_fleet(const struct lane *lane);
#endif
