/* The connection to one server that takes posts: udp (RFC 5426), tcp with octet counting (RFC 6587) or tls
 * (RFC 5425). Blocking; owned by main. */
#ifndef DNDRIFT_COURIER_LINK_H
#define DNDRIFT_COURIER_LINK_H

#include <glib.h>
#include <stdbool.h>

struct link_order {
    const char *scheme; /* udp, tcp or tls */
    const char *host;
    const char *port;
    const char *ca_file;   /* for tls */
    const char *cert_file; /* NULL: none */
    const char *key_file;
};

/* How it ended, which says what may be lost. */
#define LINK_ERROR link_error_quark()
GQuark link_error_quark(void);
enum link_error {
    LINK_ERROR_FAILED, /* what was acknowledged was read: there was nothing, or it cannot be known */
    LINK_ERROR_CLOSED, /* ... but for what the reader had just read and not kept yet */
    LINK_ERROR_BROKEN  /* what was acknowledged may never have been read */
};

struct link;

struct link *link_open(const struct link_order *order, GError **error);
void link_free(struct link *link);

int link_fd(const struct link *link);
bool link_send(struct link *link, const char *bytes, size_t length, GError **error);

/* Whether the other kernel has acknowledged all that was sent; of udp whether no refusal came back. */
bool link_is_acknowledged(const struct link *link);

/* Whether nothing comes for a moment, as the end would. */
bool link_is_calm(const struct link *link);

/* Something came, which may be the end. */
bool link_listen(struct link *link, GError **error);

typedef struct link link_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(link_t, link_free)
#endif
