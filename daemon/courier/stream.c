#include "courier/stream.h"

#include <poll.h>
#include <unistd.h>

#include "courier/link.h"

#define LOOK_MIN_MS 1 /* between two looks whether all was acknowledged, */
#define LOOK_MAX_MS 200

/* One connection: what of it the daemon was not told yet. */
struct round_trip {
    struct desk *desk;
    struct link *link;
    GArray *numbers; /* sent and not acknowledged yet */
    bool has_sent;
    bool is_proven; /* something was acknowledged, and the server did not close */
    int wait_ms;    /* until the next look */
};

static void hear_acknowledged(struct round_trip *trip)
{
    if (trip->numbers->len == 0 || !link_is_acknowledged(trip->link))
        return;
    for (guint i = 0; i < trip->numbers->len; i++)
        desk_tell_taken(trip->desk, g_array_index(trip->numbers, uint64_t, i));
    g_array_set_size(trip->numbers, 0);
}

/* The first one goes alone: with a server that takes but one on a connection, they still arrive one by one.
 */
static bool may_send(struct round_trip *trip)
{
    if (trip->has_sent && !trip->is_proven && trip->numbers->len == 0)
        trip->is_proven = link_is_calm(trip->link);
    return trip->is_proven || !trip->has_sent;
}

static bool send_all(struct round_trip *trip, GError **error)
{
    struct post post;

    while (may_send(trip) && desk_take(trip->desk, &post)) {
        if (!link_send(trip->link, post.bytes, post.length, error))
            return false;
        g_array_append_val(trip->numbers, post.number);
        trip->has_sent = true;
        trip->wait_ms = LOOK_MIN_MS;
    }
    return true;
}

/* A server that closes has acknowledged what it took before: a connection that breaks tells nothing. */
static bool listen_to_server(struct round_trip *trip, GError **error)
{
    g_autoptr(GError) end = NULL;

    if (link_listen(trip->link, &end))
        return true;
    if (g_error_matches(end, LINK_ERROR, LINK_ERROR_CLOSED))
        hear_acknowledged(trip);
    g_propagate_error(error, g_steal_pointer(&end));
    return false;
}

/* Until the daemon has nothing more to send, or *error says why not. */
static void carry(struct desk *desk, struct link *link, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    struct round_trip trip = {desk, link, numbers, .wait_ms = LOOK_MIN_MS};

    for (;;) {
        struct pollfd ends[] = {{.fd = STDIN_FILENO, .events = trip.is_proven || !trip.has_sent ? POLLIN : 0},
                                {.fd = link_fd(link), .events = POLLIN}};

        poll(ends, G_N_ELEMENTS(ends), numbers->len > 0 ? trip.wait_ms : -1);
        if (ends[1].revents && !listen_to_server(&trip, error))
            return;
        if (ends[0].revents && !desk_read(desk))
            return;
        hear_acknowledged(&trip);
        if (!send_all(&trip, error))
            return;
        trip.wait_ms = MIN(trip.wait_ms * 2, LOOK_MAX_MS);
    }
}

static const char *how_it_ended(const GError *error)
{
    if (g_error_matches(error, LINK_ERROR, LINK_ERROR_BROKEN))
        return "broken";
    return g_error_matches(error, LINK_ERROR, LINK_ERROR_CLOSED) ? "closed" : "failed";
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

void stream_carry(struct desk *desk, const struct order *order)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(link_t) link =
        link_open(&(struct link_order){order->scheme, order->host, order->port, order->ca_file,
                                       or_null(order->cert_file), or_null(order->key_file)},
                  &error);

    if (link)
        carry(desk, link, &error);
    if (error)
        desk_tell_end(desk, how_it_ended(error), error->message);
}
