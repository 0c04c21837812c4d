#include "directory/wire_servers.h"

#include <string.h>

struct wire_server *wire_server_new(const char *host, unsigned port, unsigned priority, unsigned weight)
{
    struct wire_server *server = g_new0(struct wire_server, 1);

    server->host = g_strdup(host);
    server->port = (uint16_t)port;
    server->priority = (uint16_t)priority;
    server->weight = (uint16_t)weight;
    return server;
}

void wire_server_free(struct wire_server *server)
{
    if (!server)
        return;
    g_free(server->host);
    g_free(server);
}

/* Capitals are none of these: a server has one spelling. */
static bool is_host_byte(char byte)
{
    return g_ascii_islower(byte) || g_ascii_isdigit(byte) || byte == '.' || byte == '-' || byte == '_';
}

bool wire_server_is_plausible(const struct wire_server *server)
{
    size_t length = server->host ? strlen(server->host) : 0;

    if (length == 0 || length > WIRE_MAX_HOST || server->port == 0 || *server->host == '.' ||
        server->host[length - 1] == '.')
        return false;
    for (const char *byte = server->host; *byte; byte++)
        if (!is_host_byte(*byte))
            return false;
    return true;
}

void wire_put_servers_payload(GByteArray *out, const GPtrArray *servers)
{
    parcel_put_u32(out, servers->len);
    for (unsigned i = 0; i < servers->len; i++) {
        const struct wire_server *server = servers->pdata[i];
        parcel_put_u16(out, server->priority);
        parcel_put_u16(out, server->weight);
        parcel_put_u16(out, server->port);
        parcel_put_text(out, server->host);
    }
}

GPtrArray *wire_take_servers_payload(struct parcel *parcel)
{
    GPtrArray *servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free);
    unsigned n_servers = parcel_take_below(parcel, WIRE_MAX_SERVERS + 1);

    parcel->is_broken |= n_servers == 0;
    for (unsigned i = 0; i < n_servers && !parcel->is_broken; i++) {
        struct wire_server *server = wire_server_new(NULL, 0, 0, 0);
        server->priority = parcel_take_u16(parcel);
        server->weight = parcel_take_u16(parcel);
        server->port = parcel_take_u16(parcel);
        server->host = parcel_take_present(parcel);
        parcel->is_broken |= !wire_server_is_plausible(server);
        g_ptr_array_add(servers, server);
    }
    return servers;
}
