/* One round on its way through the servers of a lane: fails over, asks again what a dead prober left, gives
 * up when nothing is left to try or the round's time is over. Owned by the lane. */
#ifndef DNDRIFT_DIRECTORY_ERRAND_H
#define DNDRIFT_DIRECTORY_ERRAND_H

#include <event2/event.h>

#include "directory/credentials.h"
#include "directory/discovery.h"
#include "directory/fleet.h"
#include "directory/suspects.h"

/* Of telling observations of our own, before the loop has its turn. */
#define ERRAND_TURN_US  1000
#define ERRAND_LOGIN_MS 10 /* until it is looked again whether another login has ended */

struct errand;

/* What outlives the round. */
struct errand_means {
    struct event_base *base;
    struct fleet *fleet;
    struct discovery *discovery;
    struct credentials *credentials;
    struct suspects *suspects;
    const struct directory_config *settings;
    bool is_fixed; /* it has these servers, whatever others DNS may name */
};

/* From the loop, never from inside errand_new(). The errand may be freed from inside. */
struct errand_listener {
    void (*on_observation)(void *user, struct observation *observation); /* callee owns it */
    void (*on_end)(void *user); /* every question has had its observation */
};

/* Takes the round. means are borrowed. is_patient: while all servers are in back-off it waits for the first
 * one; else they count as failed at once, as long as none has answered. */
struct errand *errand_new(const struct errand_means *means, struct round *round, bool is_patient,
                          const struct errand_listener *listener, void *user);
const struct round *errand_round(const struct errand *errand);

/* What the server that is asked tells. */
void errand_on_observation(struct errand *errand, struct observation *observation);
void errand_on_served(struct errand *errand);
void errand_on_failed(struct errand *errand, const struct failure *failure, bool is_credentials);

/* A look-up of servers has ended, and the fleet follows it already. */
void errand_on_lookup(struct errand *errand);

/* The server that is asked; NULL: none at the moment. */
struct server *errand_server(const struct errand *errand);
void errand_forget_server(struct errand *errand); /* it is gone from the configuration */

/* Drops the round: no more calls. */
void errand_free(struct errand *errand);

/* The text of a failure that n_more servers share, each in its way; g_free() it. */
char *errand_failure_text(const char *text, unsigned n_more);
#endif
