#include "directory/feeder.h"

struct feeder {
    struct channel *channel;
    struct agenda *agenda;
    uint64_t batch;
    const struct feeder_listener *listener;
    void *user;
    struct event *turn;
    bool has_begun, is_done;
};

/* The ancestors only sharpen an answer: better without them than not at all. */
static bool put_question(GByteArray *frames, const struct question *question)
{
    if (wire_put_question(frames, question))
        return true;
    struct question bare = *question;
    bare.ancestors = NULL;
    return wire_put_question(frames, &bare);
}

/* Appends what fits in this turn; answers a question that fits in none, or NULL. */
static const struct question *put_some(struct feeder *feeder, GByteArray *frames)
{
    int64_t stop_us = g_get_monotonic_time() + CHANNEL_TURN_US;

    if (!feeder->has_begun)
        wire_put_round(frames, feeder->batch);
    feeder->has_begun = true;
    while (frames->len < CHANNEL_ROOM / 2 && g_get_monotonic_time() < stop_us) {
        const struct question *question = agenda_send_next(feeder->agenda);
        if (!question) {
            wire_put_go(frames, feeder->batch);
            feeder->is_done = true;
            return NULL;
        }
        if (!put_question(frames, question))
            return question;
    }
    return NULL;
}

static void on_turn(evutil_socket_t fd, short what, void *user)
{
    struct feeder *feeder = user;
    g_autoptr(GByteArray) frames = g_byte_array_new();

    (void)fd, (void)what;
    const struct question *unfit = put_some(feeder, frames);
    channel_send(feeder->channel, frames);
    if (channel_has_room(feeder->channel))
        feeder_go_on(feeder);
    if (unfit)
        feeder->listener->on_unfit(feeder->user, unfit->id);
}

struct feeder *feeder_new(struct event_base *base, struct channel *channel, struct agenda *agenda,
                          uint64_t batch, const struct feeder_listener *listener, void *user)
{
    struct feeder *feeder = g_new0(struct feeder, 1);

    feeder->channel = channel;
    feeder->agenda = agenda;
    feeder->batch = batch;
    feeder->listener = listener;
    feeder->user = user;
    feeder->turn = evtimer_new(base, on_turn, feeder);
    feeder_go_on(feeder);
    return feeder;
}

void feeder_go_on(struct feeder *feeder)
{
    static const struct timeval at_once = {0};

    if (!feeder->is_done)
        event_add(feeder->turn, &at_once);
}

void feeder_free(struct feeder *feeder)
{
    if (!feeder)
        return;
    event_free(feeder->turn);
    g_free(feeder);
}
