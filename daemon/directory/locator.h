/* One domain whose servers DNS names (RFC 2782): looked up by a prober, again and again. What was answered
 * last counts until something else is answered, however long that takes. Owned by the discovery. */
#ifndef DNDRIFT_DIRECTORY_LOCATOR_H
#define DNDRIFT_DIRECTORY_LOCATOR_H

#include <event2/event.h>

#include "config/config.h"
#include "directory/wire.h"

#define LOCATOR_PERIOD_MS (5 * 60 * 1000)

struct locator;

/* What it is made with. program: of the prober; copied. settings are borrowed until locator_reload(). */
struct locator_means {
    struct event_base *base;
    const struct directory_config *settings;
    const char *program;
    int64_t period_ms; /* from one look-up that succeeded to the next */
};

struct locator_listener {
    /* From the loop: a look-up has ended. The locator must not be freed from inside. */
    void (*on_outcome)(void *user, struct locator *locator);
};

/* uri: WIRE_DOMAIN_PREFIX and a DN; copied. The first look-up begins at once, from the loop. */
struct locator *locator_new(const struct locator_means *means, const char *uri,
                            const struct locator_listener *listener, void *user);
void locator_free(struct locator *locator); /* no more calls */

/* Looks up again. */
void locator_reload(struct locator *locator, const struct directory_config *settings);

/* The servers known are of no use: looks up again, unless that failed, or told nothing new, a moment ago.
 * Answers whether a look-up is under way. */
bool locator_hurry(struct locator *locator);

const char *locator_uri(const struct locator *locator);
bool locator_is_settled(const struct locator *locator); /* a first look-up has ended */
bool locator_is_looking(const struct locator *locator);
int64_t locator_next_ms(const struct locator *locator); /* when it looks up again, on clock_ms() */

/* Of struct wire_server, in the order in which they are tried; NULL: none was ever named. */
const GPtrArray *locator_servers(const struct locator *locator);

/* Of the last look-up; its reason is REASON_NONE when that succeeded. */
const struct failure *locator_failure(const struct locator *locator);
#endif
