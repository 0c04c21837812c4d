#include "prober/parent.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_COLLECTED (32 * 1024)

struct parent {
    int fd;
    GByteArray *in;
    size_t n_used; /* of in */
    GByteArray *out;
};

struct parent *parent_new(int fd)
{
    struct parent *parent = g_new0(struct parent, 1);

    parent->fd = fd;
    parent->in = g_byte_array_new();
    parent->out = g_byte_array_new();
    return parent;
}

void parent_free(struct parent *parent)
{
    if (!parent)
        return;
    g_byte_array_unref(parent->in);
    g_byte_array_unref(parent->out);
    g_free(parent);
}

/* Makes room and waits for some bytes more. */
static bool read_more(struct parent *parent)
{
    uint8_t bytes[16 * 1024];
    ssize_t n;

    if (parent->n_used > 0)
        g_byte_array_remove_range(parent->in, 0, (guint)parent->n_used);
    parent->n_used = 0;
    do
        n = read(parent->fd, bytes, sizeof bytes);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return false;
    g_byte_array_append(parent->in, bytes, (guint)n);
    return true;
}

bool parent_read(struct parent *parent, struct wire_frame *ret_frame)
{
    enum wire_result result;
    size_t size;

    while ((result = wire_take(parent->in->data + parent->n_used, parent->in->len - parent->n_used, ret_frame,
                               &size)) == WIRE_MORE)
        if (!read_more(parent))
            return false;
    if (result == WIRE_BROKEN)
        return false;
    parent->n_used += size;
    return true;
}

bool parent_has_input(const struct parent *parent)
{
    return parent->in->len > parent->n_used;
}

int parent_fd(const struct parent *parent)
{
    return parent->fd;
}

void parent_flush(struct parent *parent)
{
    size_t sent = 0;

    while (sent < parent->out->len) {
        ssize_t n = send(parent->fd, parent->out->data + sent, parent->out->len - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            break;
        sent += n > 0 ? (size_t)n : 0;
    }
    g_byte_array_set_size(parent->out, 0);
}

void parent_tell_phase(struct parent *parent, enum phase phase)
{
    wire_put_progress(parent->out, &(struct wire_progress){.phase = phase});
    parent_flush(parent);
}

void parent_tell_question(struct parent *parent, uint32_t question)
{
    wire_put_progress(parent->out, &(struct wire_progress){PHASE_SEARCH, true, question});
    parent_flush(parent);
}

void parent_tell_ready(struct parent *parent, const struct wire_ready *ready)
{
    wire_put_ready(parent->out, ready);
    parent_flush(parent);
}

/* One that does not fit into a frame came from absurdly long names: the daemon hears just that. */
void parent_tell_observation(struct parent *parent, const struct observation *observation)
{
    if (!wire_put_observation(parent->out, observation)) {
        g_autoptr(observation_t) instead =
            observation_new_failed(observation->question, NULL, PHASE_SEARCH, REASON_LIMIT, 0,
                                   "the names in the answer are too long", false);
        wire_put_observation(parent->out, instead);
    }
    if (parent->out->len >= MAX_COLLECTED)
        parent_flush(parent);
}

void parent_tell_done(struct parent *parent, uint64_t round)
{
    wire_put_done(parent->out, round);
    parent_flush(parent);
}

void parent_tell_failed(struct parent *parent, const struct wire_failed *failed)
{
    wire_put_failed(parent->out, failed);
    parent_flush(parent);
}

void parent_tell_servers(struct parent *parent, const GPtrArray *servers)
{
    wire_put_servers(parent->out, servers);
    parent_flush(parent);
}

void parent_tell_candidate(struct parent *parent, const struct wire_candidate *candidate)
{
    wire_put_candidate(parent->out, candidate);
    parent_flush(parent);
}

void parent_tell_obtained(struct parent *parent, const struct wire_obtained *obtained)
{
    wire_put_obtained(parent->out, obtained);
    parent_flush(parent);
}
