#include "prober/batch.h"

#include "prober/deadline.h"
#include "prober/inquiry.h"
#include "prober/lookup.h"
#include "prober/probe.h"
#include "prober/result.h"
#include "prober/vintage.h"

struct slot {
    const struct question *question;
    struct reply reply;
    int msgid;
};

/* Up to BATCH_SLICE questions: all replies are collected before the first is followed up, so that never more
 * than one search besides the DN questions is under way. */
struct slice {
    struct probe *probe;
    struct slot *slots;
    unsigned n_slots;
    unsigned n_sent;
    unsigned n_replied;
    GHashTable *in_flight; /* message id -> struct slot */
    int64_t told_ms;       /* when the daemon last heard that answers keep coming */
};

/* false: the connection is lost. A busy socket is tried again when there is room. */
static bool send_more(struct slice *slice)
{
    while (slice->n_sent < slice->n_slots && g_hash_table_size(slice->in_flight) < BATCH_MAX_IN_FLIGHT) {
        struct slot *slot = &slice->slots[slice->n_sent];
        if (inquiry_takes_its_time(slot->question)) {
            slice->n_sent++;
            slice->n_replied++;
            continue;
        }
        int code = lookup_send(slice->probe, slot->question, &slot->msgid);

        if (code == LDAP_BUSY && g_hash_table_size(slice->in_flight) > 0)
            return true;
        slice->n_sent++;
        if (code == LDAP_SUCCESS) {
            g_hash_table_insert(slice->in_flight, GINT_TO_POINTER(slot->msgid), slot);
            continue;
        }
        if (code == LDAP_SERVER_DOWN)
            return false;
        result_fail(&slot->reply.failure, PHASE_SEARCH, code, NULL);
        slice->n_replied++;
    }
    return true;
}

/* The daemon's deadline is for one search; without this it would run over a whole slice of slow ones. */
static void tell_progress(struct slice *slice)
{
    struct connection *connection = slice->probe->connection;
    int64_t now_ms = g_get_monotonic_time() / 1000;

    if (now_ms - slice->told_ms < connection->setup->timeout_ms / 8)
        return;
    slice->told_ms = now_ms;
    parent_tell_phase(connection->parent, PHASE_SEARCH);
}

/* One message; false: the connection is lost, or so late that it counts as lost. */
static bool take_one(struct slice *slice, int64_t *deadline_ms)
{
    struct connection *connection = slice->probe->connection;
    LDAPMessage *message = NULL;

    switch (connection_await(connection, PHASE_SEARCH, *deadline_ms, &message)) {
    case AWAIT_LOST:
        return false;
    case AWAIT_LATE:
        failure_set(&connection->failed.failure, PHASE_SEARCH, REASON_TIMEOUT, 0, "no answer in time");
        return false;
    default:
        break;
    }
    int msgid = ldap_msgid(message);
    struct slot *slot = g_hash_table_lookup(slice->in_flight, GINT_TO_POINTER(msgid));
    if (slot && reply_add(&slot->reply, connection->ld, message)) {
        g_hash_table_remove(slice->in_flight, GINT_TO_POINTER(msgid));
        if (!slot->reply.is_done)
            search_give_up(connection, msgid);
        slice->n_replied++;
        *deadline_ms = deadline_in(connection->setup->timeout_ms);
        tell_progress(slice);
    }
    ldap_msgfree(message);
    return true;
}

static bool collect(struct slice *slice)
{
    int64_t deadline_ms = deadline_in(slice->probe->connection->setup->timeout_ms);

    slice->told_ms = g_get_monotonic_time() / 1000;
    while (slice->n_replied < slice->n_slots)
        if (!send_more(slice) || (slice->n_replied < slice->n_slots && !take_one(slice, &deadline_ms)))
            return false;
    return true;
}

/* When the connection is lost, the replies that need no further search still count. */
static void follow_up(struct slice *slice)
{
    for (unsigned i = 0; i < slice->n_slots; i++) {
        const struct slot *slot = &slice->slots[i];
        g_autoptr(observation_t) seen =
            inquiry_takes_its_time(slot->question) || reply_has_ended(&slot->reply)
                ? inquiry_finish(slice->probe, slot->question, &slot->reply)
                : NULL;

        if (seen)
            parent_tell_observation(slice->probe->connection->parent, seen);
    }
}

static bool run_slice(struct probe *probe, struct question **questions, unsigned n_questions)
{
    struct slice slice = {.probe = probe, .n_slots = n_questions};

    slice.slots = g_new0(struct slot, n_questions);
    slice.in_flight = g_hash_table_new(NULL, NULL);
    for (unsigned i = 0; i < n_questions; i++) {
        slice.slots[i].question = questions[i];
        reply_init(&slice.slots[i].reply);
    }
    bool is_alive = collect(&slice);
    follow_up(&slice);
    is_alive = is_alive && !connection_is_lost(probe->connection);
    for (unsigned i = 0; i < n_questions; i++)
        reply_clear(&slice.slots[i].reply);
    g_hash_table_unref(slice.in_flight);
    g_free(slice.slots);
    return is_alive;
}

bool batch_run(struct connection *connection, struct profile *profile, GPtrArray *questions)
{
    struct probe probe;

    probe_init(&probe, connection, profile);
    bool is_alive = vintage_read(&probe, questions);
    for (unsigned i = 0; i < questions->len && is_alive; i += BATCH_SLICE)
        is_alive =
            run_slice(&probe, (struct question **)questions->pdata + i, MIN(questions->len - i, BATCH_SLICE));
    probe_clear(&probe);
    return is_alive;
}
