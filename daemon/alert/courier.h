/* One running dndrift-courier: its process and the socket to it, as one thing that has one end. Owned by the
 * way that hands it posts. */
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
    void (*on_refused)(void *user, uint64_t number, const char *why); /* for good; NULL: this never happens */
    void (*on_end)(void *user, enum courier_end how, const char *why);
};

/* Where to, and what to show there; all but the uri may be NULL. */
struct courier_order {
    const char *uri; /* scheme://HOST:PORT, of http and https with a path */
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    const char *user; /* these of http and https alone */
    const char *password_file;
    const char *token_file;
};

/* NULL and a sentence if it cannot be started. */
struct courier *courier_start(struct event_base *base, const struct courier_order *order,
                              const struct courier_listener *listener, void *user, GError **error);
void courier_hand(struct courier *courier, uint64_t number, const char *message);
void courier_free(struct courier *courier); /* no more calls; it ends */

#endif
