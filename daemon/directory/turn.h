/* How long this turn of the loop is already. To start a prober takes the loop some milliseconds, and fifty at
 * once would be felt: so those who need one begin at random within a moment, and yield while the turn is
 * long.
 */
#ifndef DNDRIFT_DIRECTORY_TURN_H
#define DNDRIFT_DIRECTORY_TURN_H

#include <event2/event.h>
#include <stdbool.h>

#define TURN_SPREAD_MS 250 /* within which to begin */
#define TURN_YIELD_MS  20  /* for how long to yield, at most */

/* Whether to yield. */
bool turn_is_crowded(struct event_base *base);
#endif
