/* The daemon's end of the socket to a prober: frames in, within a budget per turn of the loop, bytes out.
 * Whatever arrives is checked by wire.c. Owned by the server. */
#ifndef DNDRIFT_DIRECTORY_CHANNEL_H
#define DNDRIFT_DIRECTORY_CHANNEL_H

#include <event2/event.h>

#include "directory/wire.h"

#define CHANNEL_TURN_FRAMES 64 /* then the loop has its turn: a flooding prober starves nobody */
#define CHANNEL_TURN_US     1000
#define CHANNEL_ROOM        (256 * 1024) /* bytes that wait to be sent before channel_has_room() says no */

struct channel;

/* From the loop. The channel may be freed from inside. */
struct channel_listener {
    void (*on_frame)(void *user, struct wire_frame *frame); /* cleared afterwards */
    void (*on_room)(void *user);                /* what was sent is gone: there is room for more */
    void (*on_end)(void *user, bool is_broken); /* nothing more comes; is_broken: what came is no frame */
};

/* Takes the descriptor. */
struct channel *channel_new(struct event_base *base, int fd, const struct channel_listener *listener,
                            void *user);
void channel_free(struct channel *channel);

bool channel_has_room(const struct channel *channel);
void channel_send(struct channel *channel, const GByteArray *bytes);

/* The other side has ended: on_end comes after what it sent before, even if another process kept its end. */
void channel_close_input(struct channel *channel);
#endif
