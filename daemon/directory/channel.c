#include "directory/channel.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <sys/socket.h>

struct channel {
    struct bufferevent *socket;
    struct event *more; /* frames are left for the next turn */
    const struct channel_listener *listener;
    void *user;
    bool has_ended; /* nothing will be added to the input */
    bool is_busy;   /* calling out */
    bool is_freed;  /* while calling out */
};

static void destroy(struct channel *channel)
{
    event_free(channel->more);
    bufferevent_free(channel->socket);
    g_free(channel);
}

/* The frame at the head of the input. A frame is made contiguous once, when all of it is there. */
static enum wire_result take_frame(struct evbuffer *input, struct wire_frame *ret_frame)
{
    size_t size = sizeof(uint32_t);
    size_t available = evbuffer_get_length(input);
    enum wire_result result = WIRE_MORE;

    for (int part = 0; part < 2 && result == WIRE_MORE && available >= size; part++) {
        size_t pulled = size;
        result = wire_take(evbuffer_pullup(input, (ev_ssize_t)pulled), pulled, ret_frame, &size);
    }
    if (result == WIRE_FRAME)
        evbuffer_drain(input, size);
    return result;
}

static void hand_on(struct channel *channel, struct wire_frame *frame)
{
    channel->listener->on_frame(channel->user, frame);
    wire_frame_clear(frame);
}

/* Nothing more can be taken: says so once. */
static void end(struct channel *channel, bool is_broken)
{
    bufferevent_disable(channel->socket, EV_READ);
    channel->has_ended = false;
    channel->listener->on_end(channel->user, is_broken);
}

static void take_turn(struct channel *channel)
{
    static const struct timeval at_once = {0};
    struct evbuffer *input = bufferevent_get_input(channel->socket);
    int64_t stop_us = g_get_monotonic_time() + CHANNEL_TURN_US;
    struct wire_frame frame = {0};
    enum wire_result result = WIRE_FRAME;

    channel->is_busy = true;
    for (int n = 0; n < CHANNEL_TURN_FRAMES && !channel->is_freed && g_get_monotonic_time() < stop_us; n++) {
        result = take_frame(input, &frame);
        if (result != WIRE_FRAME)
            break;
        hand_on(channel, &frame);
    }
    if (!channel->is_freed && (result == WIRE_BROKEN || (result == WIRE_MORE && channel->has_ended)))
        end(channel, result == WIRE_BROKEN);
    channel->is_busy = false;
    if (channel->is_freed)
        destroy(channel);
    else if (result == WIRE_FRAME)
        event_add(channel->more, &at_once);
}

static void on_more(evutil_socket_t fd, short what, void *user)
{
    (void)fd, (void)what;
    take_turn(user);
}

static void on_readable(struct bufferevent *socket, void *user)
{
    struct channel *channel = user;

    (void)socket;
    if (!event_pending(channel->more, EV_TIMEOUT, NULL))
        take_turn(channel);
}

static void on_writable(struct bufferevent *socket, void *user)
{
    struct channel *channel = user;

    (void)socket;
    channel->listener->on_room(channel->user);
}

static void on_ended(struct bufferevent *socket, short what, void *user)
{
    struct channel *channel = user;

    (void)socket, (void)what;
    if (what & BEV_EVENT_WRITING)
        return; /* what it still sent is worth reading */
    channel->has_ended = true;
    on_readable(socket, channel);
}

struct channel *channel_new(struct event_base *base, int fd, const struct channel_listener *listener,
                            void *user)
{
    struct channel *channel = g_new0(struct channel, 1);

    channel->listener = listener;
    channel->user = user;
    channel->socket = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    channel->more = evtimer_new(base, on_more, channel);
    bufferevent_setcb(channel->socket, on_readable, on_writable, on_ended, channel);
    bufferevent_setwatermark(channel->socket, EV_READ, 0, WIRE_MAX_FRAME);
    bufferevent_enable(channel->socket, EV_READ | EV_WRITE);
    return channel;
}

void channel_free(struct channel *channel)
{
    if (!channel)
        return;
    bufferevent_disable(channel->socket, EV_READ | EV_WRITE);
    if (channel->is_busy)
        channel->is_freed = true;
    else
        destroy(channel);
}

bool channel_has_room(const struct channel *channel)
{
    return evbuffer_get_length(bufferevent_get_output(channel->socket)) < CHANNEL_ROOM;
}

void channel_send(struct channel *channel, const GByteArray *bytes)
{
    bufferevent_write(channel->socket, bytes->data, bytes->len);
}

void channel_close_input(struct channel *channel)
{
    shutdown(bufferevent_getfd(channel->socket), SHUT_RDWR);
}
