#include "courier/order.h"

#include <string.h>

#define N_ARGUMENTS 8

/* scheme://HOST:PORT, and what may follow. */
static bool order_split(struct order *order)
{
    const char *host = strstr(order->uri, "://");
    g_autofree char *authority = host ? g_strndup(host + 3, strcspn(host + 3, "/")) : NULL;
    char *port = authority ? strrchr(authority, ':') : NULL;
    size_t length = port ? (size_t)(port - authority) : 0;
    bool is_bracketed = length > 2 && *authority == '[' && port[-1] == ']';

    if (length == 0)
        return false;
    order->scheme = g_strndup(order->uri, (gsize)(host - order->uri));
    order->host = is_bracketed ? g_strndup(authority + 1, length - 2) : g_strndup(authority, length);
    order->port = g_strdup(port + 1);
    return true;
}

bool order_read(int argc, char **argv, struct order *ret_order)
{
    if (argc != N_ARGUMENTS)
        return false;
    *ret_order = (struct order){
        .uri = argv[1],
        .ca_file = argv[2],
        .cert_file = argv[3],
        .key_file = argv[4],
        .user = argv[5],
        .password_file = argv[6],
        .token_file = argv[7],
    };
    return order_split(ret_order);
}

void order_clear(struct order *order)
{
    g_free(order->scheme);
    g_free(order->host);
    g_free(order->port);
}

bool order_is_http(const struct order *order)
{
    return strcmp(order->scheme, "http") == 0 || strcmp(order->scheme, "https") == 0;
}
