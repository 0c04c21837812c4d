/* The servers that the words of a directory's `uri` lead to: those named there, and where a domain stands
 * those that DNS names for it. Owned by the directory. */
#ifndef DNDRIFT_DIRECTORY_DISCOVERY_H
#define DNDRIFT_DIRECTORY_DISCOVERY_H

#include "directory/locator.h"

#define DISCOVERY_MAX_SERVERS 16 /* of one directory */

struct discovery;

struct discovery_listener {
    /* From the loop: a look-up has ended, discovery_servers() may be others. failure: NULL if it succeeded.
     */
    void (*on_outcome)(void *user, const char *uri, const struct failure *failure);
};

/* settings are borrowed until discovery_reload(). */
struct discovery *discovery_new(struct event_base *base, const struct directory_config *settings,
                                const char *prober, const struct discovery_listener *listener, void *user);
void discovery_free(struct discovery *discovery);

/* Follows the words; looks up again all that stay. */
void discovery_reload(struct discovery *discovery, const struct directory_config *settings);

/* The URIs in order of preference, NULL-terminated, each once, DISCOVERY_MAX_SERVERS at most: a server named
 * in the file always has its place. g_strfreev() it. */
char **discovery_servers(const struct discovery *discovery);

/* Whether all first look-ups have ended; so it is where there is nothing to look up. */
bool discovery_is_settled(const struct discovery *discovery);

/* Looks up again, as locator_hurry(). Answers whether something is under way. */
bool discovery_hurry(struct discovery *discovery);
bool discovery_is_looking(const struct discovery *discovery);
int64_t discovery_next_ms(const struct discovery *discovery); /* on clock_ms(); INT64_MAX: never */

/* The domains among the words, in their order. */
unsigned discovery_n_domains(const struct discovery *discovery);
const struct locator *discovery_domain(const struct discovery *discovery, unsigned index);

/* The first domain that could not be looked up the last time; NULL: none. */
const struct locator *discovery_first_failed(const struct discovery *discovery);
#endif
