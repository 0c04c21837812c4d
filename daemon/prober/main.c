/* dndrift-prober: one connection to one directory server, asked by dndriftd over WIRE_FD, one look-up of the
 * servers of a domain, or one search for containers. Synchronous on purpose: whatever hangs here, the daemon
 * kills. */
#include <poll.h>
#include <stdlib.h>

#include "prober/batch.h"
#include "prober/candidates.h"
#include "prober/connection.h"
#include "prober/harden.h"
#include "prober/library.h"
#include "prober/locate.h"
#include "prober/parent.h"
#include "prober/profile.h"
#include "prober/result.h"

/* The questions of one batch, up to its GO; NULL: the daemon is gone or talks nonsense. */
static GPtrArray *read_batch(struct parent *parent, uint64_t round)
{
    g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    g_auto(wire_frame_t) frame = {0};

    while (parent_read(parent, &frame)) {
        if (frame.type == WIRE_GO)
            return frame.round == round ? g_steal_pointer(&questions) : NULL;
        if (frame.type != WIRE_QUESTION || questions->len >= WIRE_MAX_QUESTIONS)
            return NULL;
        g_ptr_array_add(questions, g_steal_pointer(&frame.question));
        wire_frame_clear(&frame);
    }
    return NULL;
}

/* A server has nothing to say between two batches but good-bye, and late answers to what was given up. */
#define MAX_UNASKED 1000

/* Sleeps until the daemon has something to ask, or the connection is spent. false: it is of no use any more.
 */
static bool await_batch(struct parent *parent, struct connection *connection)
{
    struct pollfd waits[] = {{.fd = parent_fd(parent), .events = POLLIN},
                             {.fd = connection->fd, .events = POLLIN}};

    for (unsigned n_unasked = 0; !parent_has_input(parent) && n_unasked < MAX_UNASKED; n_unasked++) {
        int n = poll(waits, G_N_ELEMENTS(waits), connection_left_ms(connection));
        if (n < 0)
            continue; /* a signal */
        if (n == 0 || waits[0].revents)
            return true;
        if (connection_is_ended(connection))
            return false;
    }
    if (parent_has_input(parent))
        return true;
    failure_set(&connection->failed.failure, PHASE_SEARCH, REASON_PROTOCOL, 0,
                "the server speaks without being asked");
    return false;
}

/* The daemon makes a new one as soon as it asks again. */
static bool is_spent(struct connection *connection)
{
    if (connection_left_ms(connection) != 0)
        return false;
    failure_set(&connection->failed.failure, PHASE_SEARCH, REASON_CONNECT, 0,
                "the ticket of Kerberos comes to its end");
    return true;
}

/* Until the daemon closes its end or has the containers it looked for (true), or the connection is lost. */
static bool serve(struct parent *parent, struct connection *connection, struct profile *profile)
{
    for (bool is_fresh = true;; is_fresh = false) {
        g_auto(wire_frame_t) frame = {0};

        if (!await_batch(parent, connection) || (!is_fresh && is_spent(connection)))
            return false;
        if (!parent_read(parent, &frame))
            return true;
        if (frame.type == WIRE_OBTAIN)
            return candidates_find(connection, profile, &frame.wanted);
        g_autoptr(GPtrArray) questions = frame.type == WIRE_ROUND ? read_batch(parent, frame.round) : NULL;
        if (!questions)
            return true;
        /* A naming context may have come or gone since the last batch. */
        if (!is_fresh && !profile_read(profile, connection))
            return false;
        if (!batch_run(connection, profile, questions))
            return false;
        parent_tell_done(parent, frame.round);
    }
}

static void work(struct parent *parent, const struct wire_setup *setup)
{
    struct profile *profile = profile_new();
    struct wire_failed failed = {0};
    struct connection *connection = connection_open(setup, parent, &failed);

    if (connection && profile_read(profile, connection)) {
        parent_tell_ready(parent,
                          &(struct wire_ready){(char *)profile->kind->name, (char *)profile->kind->limits,
                                               connection->wall_certificate_expires_s});
        serve(parent, connection, profile);
    }
    struct wire_failed *said = connection ? &connection->failed : &failed;
    if (said->failure.reason != REASON_NONE)
        parent_tell_failed(parent, said);
    parent_flush(parent);
    failure_clear(&failed.failure);
    connection_close(connection);
    profile_free(profile);
}

int main(void)
{
    g_auto(wire_frame_t) frame = {0};

    harden();
    library_start();
    struct parent *parent = parent_new(WIRE_FD);
    bool is_set_up = parent_read(parent, &frame) && frame.type == WIRE_SETUP;
    if (is_set_up && locate_is_meant(&frame.setup))
        locate(&frame.setup, parent);
    else if (is_set_up)
        work(parent, &frame.setup);
    parent_free(parent);
    return is_set_up ? EXIT_SUCCESS : EXIT_FAILURE;
}
