/* One living prober: its process, its socket and its SETUP, as one thing that has one end. Owned by the
 * server. */
#ifndef DNDRIFT_DIRECTORY_CHILD_H
#define DNDRIFT_DIRECTORY_CHILD_H

#include <event2/event.h>

#include "config/config.h"
#include "directory/channel.h"
#include "process.h"

struct child;

/* From the loop; the child may be released from inside. */
struct child_listener {
    void (*on_frame)(void *user, struct wire_frame *frame); /* cleared afterwards */
    void (*on_room)(void *user);                            /* for more to be sent */
    void (*on_junk)(void *user);                          /* bytes came that are no frame; nothing follows */
    void (*on_gone)(void *user, struct process_exit how); /* and all that it sent was handed on */
};

/* Starts `program` and tells it how to reach `uri`. NULL and a sentence if it cannot be started. */
struct child *child_start(struct event_base *base, const char *program,
                          const struct directory_config *settings, const char *uri,
                          const struct child_listener *listener, void *user, GError **error);

struct channel *child_channel(const struct child *child);

/* Closes its socket, at which it ends by itself; SIGKILL after grace_ms. No more calls. NULL is fine. */
void child_release(struct child *child, int64_t grace_ms);
#endif
