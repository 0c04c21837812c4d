/* Feeds the batch of an agenda to a prober: ROUND, QUESTION..., GO, as its socket takes them and a little at
 * a time. Owned by the server. */
#ifndef DNDRIFT_DIRECTORY_FEEDER_H
#define DNDRIFT_DIRECTORY_FEEDER_H

#include <event2/event.h>

#include "directory/agenda.h"
#include "directory/channel.h"

struct feeder;

struct feeder_listener {
    /* From the loop; the feeder may be freed from inside. The frame for the question would be too large. */
    void (*on_unfit)(void *user, uint32_t question);
};

/* Everything is borrowed until feeder_free(). */
struct feeder *feeder_new(struct event_base *base, struct channel *channel, struct agenda *agenda,
                          uint64_t batch, const struct feeder_listener *listener, void *user);
void feeder_go_on(struct feeder *feeder); /* the channel has room again */
void feeder_free(struct feeder *feeder);
#endif
