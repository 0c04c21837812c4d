/* What the daemon has told a courier on its command line: where to take posts, and what to show there. Owned
 * by main. */
#ifndef DNDRIFT_COURIER_ORDER_H
#define DNDRIFT_COURIER_ORDER_H

#include <glib.h>
#include <stdbool.h>

struct order {
    const char *uri;
    char *scheme; /* udp, tcp, tls, http or https */
    char *host;   /* an IPv6 address without its brackets */
    char *port;
    const char *ca_file;       /* these are "" if there is none */
    const char *cert_file;     /* client certificate */
    const char *key_file;      /* ... and its key */
    const char *user;          /* for http and https, with password_file */
    const char *password_file; /* of that user */
    const char *token_file;    /* in place of both */
};

/* false: this was not started by the daemon. Borrows the arguments. */
bool order_read(int argc, char **argv, struct order *ret_order);
void order_clear(struct order *order);

bool order_is_http(const struct order *order);

#endif
