/* One running dndrift-courier: its process and the socket to it, as one thing that has one end. Owned by the
 * remote. */
#ifndef DNDRIFT_ALERT_COURIER_H
#define DNDRIFT_ALERT_COURIER_H

#include <event2/event.h>
#include <glib.h>
#include <stdint.h>

/* What may be lost of that which it took: see courier/link.h. */
enum courier_end { COURIER_FAILED, COURIER_CLOSED, COURIER_BROKEN };

struct courier;

/* From the loop; the courier may be freed from inside on_end. */
struct courier_listener {
    void (*on_taken)(void *user, uint64_t number);
    void (*on_end)(void *user, enum courier_end how, const char *why);
};

/* uri: scheme://HOST:PORT. The files may be NULL. NULL and a sentence if it cannot be started. */
struct courier *courier_start(struct event_base *base, const char *uri, const char *ca_file,
                              const char *cert_file, const char *key_file,
                              const struct courier_listener *listener, void *user, GError **error);
void courier_hand(struct courier *courier, uint64_t number, const char *message);
void courier_free(struct courier *courier); /* no more calls; it ends */

#endif
