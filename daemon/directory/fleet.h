/* The servers of a lane in order of preference, and which of them to try next. Owned by the lane. */
#ifndef DNDRIFT_DIRECTORY_FLEET_H
#define DNDRIFT_DIRECTORY_FLEET_H

#include "directory/credentials.h"
#include "directory/server.h"

struct fleet;

/* Without servers yet. settings are borrowed until fleet_reload(), credentials for good. The listener hears
 * of the one server that is asked. */
struct fleet *fleet_new(struct event_base *base, const struct directory_config *settings, const char *prober,
                        const struct credentials *credentials, const struct server_listener *listener,
                        void *user);
void fleet_free(struct fleet *fleet);

/* Adapts the list, NULL-terminated: a server that stays keeps its place in life. Answers whether `asked` (may
 * be NULL) is gone. */
bool fleet_follow(struct fleet *fleet, char **uris, const struct server *asked);

/* All connect anew after the round if is_changed; all back-offs end, and a pass begins. */
void fleet_reload(struct fleet *fleet, const struct directory_config *settings, bool is_changed);

/* A pass asks each server at most once. fleet_next() answers the first one that was not asked in this pass
 * and is not in back-off, of those that refused us least often, and counts it as asked; NULL: none. */
void fleet_start_pass(struct fleet *fleet);
struct server *fleet_next(struct fleet *fleet, int64_t now_ms);
bool fleet_has_next(const struct fleet *fleet, int64_t now_ms);
bool fleet_has_next_refused(const struct fleet *fleet, int64_t now_ms); /* the password that it would get */
bool fleet_is_next_connected(const struct fleet *fleet, int64_t now_ms);

/* When the first back-off ends, on clock_ms(). */
int64_t fleet_soonest_ms(const struct fleet *fleet);

/* The first server, in order, that has failed; NULL: none has. */
const struct server *fleet_first_failed(const struct fleet *fleet);

void fleet_leave_all(struct fleet *fleet);                                 /* new connections from here on */
void fleet_leave_after(struct fleet *fleet, const struct server *serving); /* a better one serves */

void fleet_forgive(struct fleet *fleet); /* all back-offs end */

unsigned fleet_n_servers(const struct fleet *fleet);
struct server *fleet_server(const struct fleet *fleet, unsigned index);
uint64_t fleet_restarts(const struct fleet *fleet);
#endif
