#include "courier/stream.h"

#include <poll.h>
#include <unistd.h>

#include "courier/link.h"

#define LOOK_MIN_MS 1 /* between two looks whether all was acknowledged, */
#define LOOK_MAX_MS 200

static void tell_all_taken(const struct desk *desk, GArray *numbers)
{
    for (guint i = 0; i < numbers->len; i++)
        desk_tell_taken(desk, g_array_index(numbers, uint64_t, i));
    g_array_set_size(numbers, 0);
}

static bool send_all(struct desk *desk, struct link *link, GArray *numbers, GError **error)
{
    struct post post;

    while (desk_take(desk, &post)) {
        if (!link_send(link, post.bytes, post.length, error))
            return false;
        g_array_append_val(numbers, post.number);
    }
    return true;
}

/* Until the daemon has nothing more to send, or *error says why not. */
static void carry(struct desk *desk, struct link *link, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t)); /* not acknowledged yet */
    int wait_ms = LOOK_MIN_MS;

    for (;;) {
        struct pollfd ends[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                {.fd = link_fd(link), .events = POLLIN}};

        poll(ends, G_N_ELEMENTS(ends), numbers->len > 0 ? wait_ms : -1);
        if (ends[1].revents && !link_listen(link, error))
            return;
        if (ends[0].revents) {
            if (!desk_read(desk) || !send_all(desk, link, numbers, error))
                return;
            wait_ms = LOOK_MIN_MS;
        }
        if (numbers->len > 0 && link_is_acknowledged(link))
            tell_all_taken(desk, numbers);
        wait_ms = MIN(wait_ms * 2, LOOK_MAX_MS);
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
