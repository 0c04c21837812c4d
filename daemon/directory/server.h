/* One server of a directory: its prober process, the deadlines, the back-off. Serves one batch of an agenda
 * at a time. Owned by the fleet. */
#ifndef DNDRIFT_DIRECTORY_SERVER_H
#define DNDRIFT_DIRECTORY_SERVER_H

#include <event2/event.h>

#include "config/config.h"
#include "directory/agenda.h"
#include "directory/standing.h"

#define SERVER_SLACK_MS      250  /* a prober holds the same time-out, and knows better what it waited for */
#define SERVER_GRACE_MS      1000 /* for a prober that was let go */
#define SERVER_MAX_AGE_MS    (24 * 60 * 60 * 1000)
#define SERVER_MAX_QUESTIONS 100000 /* of one prober: libldap leaks on hostile notices */

struct server;

/* From the loop, never from inside server_serve(). The listener may call the server again from inside, but
 * not free it. */
struct server_listener {
    void (*on_observation)(void *user, struct observation *observation); /* callee owns it */
    void (*on_served)(void *user);                                       /* the whole batch is answered */
    /* Before that: the prober is gone and the server in back-off. is_credentials: it refused them. */
    void (*on_failed)(void *user, const struct failure *failure, bool is_credentials);
};

/* uri and prober are copied; settings are borrowed until server_reload(). */
struct server *server_new(struct event_base *base, const struct directory_config *settings, const char *uri,
                          const char *prober, const struct server_listener *listener, void *user);
void server_free(struct server *server); /* no more calls */

/* Works on the batch that the agenda has selected, starting a prober if there is none. The agenda is borrowed
 * until on_served, on_failed or server_leave(). Afterwards the connection is kept for the next batch. */
void server_serve(struct server *server, struct agenda *agenda);

/* Lets the prober go, without failure and back-off; no more calls about what it was asked. */
void server_leave(struct server *server);

/* After a round: lets it go if it has grown old or its settings have changed. */
void server_recycle(struct server *server);

void server_forgive(struct server *server); /* its back-off ends */

/* is_changed: the next batch is for a new prober. Ends the back-off. */
void server_reload(struct server *server, const struct directory_config *settings, bool is_changed);

bool server_has_prober(const struct server *server);
enum phase server_phase(const struct server *server); /* what its prober is at */
const char *server_uri(const struct server *server);
const struct standing *server_standing(const struct server *server);
#endif
