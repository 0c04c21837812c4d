/* The parent side of the probers of one [directory]: starts them, asks, holds the deadlines, kills, backs
 * off; fails over to the next server, or asks all of them. Every question of a round gets exactly one
 * observation, then the round ends. Never blocks; owned by the engine's wiring in main.c. */
#ifndef DNDRIFT_DIRECTORY_DIRECTORY_H
#define DNDRIFT_DIRECTORY_DIRECTORY_H

#include <event2/event.h>

#include "config/config.h"
#include "directory/round.h"
#include "judge/observation.h"

struct directory;

/* Calls come from the event loop, never from inside directory_ask(). The callee owns the observation: of
 * several servers that are asked, the first one, in the order of the configuration, that has an answer
 * speaks, and `others` has what each of the rest said, be it that it failed. A listener may ask again, but
 * not free the directory, from inside. */
struct directory_listener {
    void (*on_observation)(void *user, const char *directory, uint64_t round,
                           struct observation *observation);
    void (*on_round_end)(void *user, const char *directory, uint64_t round);
    /* The servers of a domain of its `uri` could not be looked up; those known stay. NULL: whom the
     * observations tell enough. */
    void (*on_lookup_failure)(void *user, const char *directory, const char *uri,
                              const struct failure *failure);
};

/* What is known of one server, for /metrics, /health and the operator. */
struct server_health {
    const char *server;                 /* scheme://host:port as configured, or as DNS names it */
    bool is_up;                         /* the last connection served a round */
    bool is_asked;                      /* it was tried at all */
    const char *kind;                   /* of server; NULL: it was never reached */
    const char *limits;                 /* what it cannot do for us, one sentence; NULL: nothing to say */
    int64_t wall_certificate_expires_s; /* as it was last shown, Unix time; 0: none was */
};

/* What /metrics shows of one domain whose servers DNS names. */
struct domain_health {
    const char *uri; /* as configured, normalised */
    bool is_up;      /* the last look-up succeeded */
};

/* prober: path of dndrift-prober. settings are copied. */
struct directory *directory_new(struct event_base *base, const struct directory_config *settings,
                                const char *prober, const struct directory_listener *listener, void *user);

/* Queues a round; takes it. Rounds run one after the other. */
void directory_ask(struct directory *directory, struct round *round);

/* Drops the round: no more calls about it. Unknown ids are fine. */
void directory_cancel(struct directory *directory, uint64_t round);

/* The next round tries every server: back-offs end, but not the one after wrong credentials. */
void directory_retry(struct directory *directory);

/* SIGHUP: back-offs end (a password may have been changed), domains are looked up again; changed settings
 * take effect with the next connection. */
void directory_reload(struct directory *directory, const struct directory_config *settings);

/* Kills its probers; no more calls. */
void directory_free(struct directory *directory);

unsigned directory_n_servers(const struct directory *directory);
struct server_health directory_server(const struct directory *directory, unsigned index);
unsigned directory_n_domains(const struct directory *directory);
struct domain_health directory_domain(const struct directory *directory, unsigned index);
uint64_t directory_restarts(
    const struct directory *directory); /* probers started after the first of each server */
#endif
