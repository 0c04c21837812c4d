#include "directory/wire.h"

#include <string.h>

#include "directory/parcel.h"
#include "directory/wire_candidate.h"
#include "directory/wire_observation.h"
#include "directory/wire_servers.h"

#define HEAD_SIZE sizeof(uint32_t)

G_STATIC_ASSERT(WIRE_MAX_TEXT == PARCEL_MAX_TEXT);

static void put_setup(GByteArray *out, const struct wire_setup *setup)
{
    parcel_put_u32(out, WIRE_VERSION);
    parcel_put_text(out, setup->uri);
    parcel_put_bool(out, setup->start_tls);
    parcel_put_text(out, setup->tls_ca_file);
    parcel_put_text(out, setup->tls_cert_file);
    parcel_put_text(out, setup->tls_key_file);
    parcel_put_bool(out, setup->allow_cleartext);
    parcel_put_u32(out, setup->bind);
    parcel_put_text(out, setup->bind_dn);
    parcel_put_text(out, setup->password_file);
    parcel_put_text(out, setup->keytab);
    parcel_put_text(out, setup->principal);
    parcel_put_text(out, setup->krb5_conf);
    parcel_put_u64(out, (uint64_t)setup->timeout_ms);
}

static void take_setup(struct parcel *parcel, struct wire_setup *setup)
{
    parcel->is_broken |= parcel_take_u32(parcel) != WIRE_VERSION;
    setup->uri = parcel_take_present(parcel);
    setup->start_tls = parcel_take_bool(parcel);
    setup->tls_ca_file = parcel_take_text(parcel);
    setup->tls_cert_file = parcel_take_text(parcel);
    setup->tls_key_file = parcel_take_text(parcel);
    setup->allow_cleartext = parcel_take_bool(parcel);
    setup->bind = parcel_take_below(parcel, WIRE_BINDS);
    setup->bind_dn = parcel_take_text(parcel);
    setup->password_file = parcel_take_text(parcel);
    setup->keytab = parcel_take_text(parcel);
    setup->principal = parcel_take_text(parcel);
    setup->krb5_conf = parcel_take_text(parcel);
    setup->timeout_ms = (int64_t)parcel_take_u64(parcel);
    parcel->is_broken |= setup->timeout_ms <= 0 || setup->timeout_ms > WIRE_MAX_TIMEOUT_MS;
    parcel->is_broken |= setup->bind == WIRE_BIND_SIMPLE && (!setup->bind_dn || !setup->password_file);
    parcel->is_broken |= setup->bind == WIRE_BIND_GSSAPI && (!setup->keytab || !setup->krb5_conf);
}

static void put_progress(GByteArray *out, const struct wire_progress *progress)
{
    parcel_put_u32(out, progress->phase);
    parcel_put_bool(out, progress->has_question);
    parcel_put_u32(out, progress->question);
}

static void take_progress(struct parcel *parcel, struct wire_progress *progress)
{
    progress->phase = parcel_take_below(parcel, PHASE_COUNT);
    progress->has_question = parcel_take_bool(parcel);
    progress->question = parcel_take_u32(parcel);
}

static void put_ready(GByteArray *out, const struct wire_ready *ready)
{
    parcel_put_text(out, ready->kind);
    parcel_put_text(out, ready->limits);
    parcel_put_u64(out, (uint64_t)ready->wall_certificate_expires_s);
}

static void take_ready(struct parcel *parcel, struct wire_ready *ready)
{
    ready->kind = parcel_take_present(parcel);
    ready->limits = parcel_take_text(parcel);
    ready->wall_certificate_expires_s = (int64_t)parcel_take_u64(parcel);
    parcel->is_broken |= (ready->kind && !*ready->kind) || (ready->limits && !*ready->limits);
    parcel->is_broken |=
        ready->wall_certificate_expires_s < 0 || ready->wall_certificate_expires_s > WIRE_MAX_EXPIRY_S;
}

static void put_failed(GByteArray *out, const struct wire_failed *failed)
{
    wire_put_failure(out, &failed->failure);
    parcel_put_bool(out, failed->is_credentials);
}

static void take_failed(struct parcel *parcel, struct wire_failed *failed)
{
    wire_take_failure(parcel, &failed->failure);
    failed->is_credentials = parcel_take_bool(parcel);
    parcel->is_broken |= failed->failure.reason == REASON_NONE;
}

static void put_payload(GByteArray *out, const struct wire_frame *frame)
{
    switch (frame->type) {
    case WIRE_SETUP:
        put_setup(out, &frame->setup);
        break;
    case WIRE_ROUND:
    case WIRE_GO:
    case WIRE_DONE:
        parcel_put_u64(out, frame->round);
        break;
    case WIRE_QUESTION:
        wire_put_question_payload(out, frame->question);
        break;
    case WIRE_PROGRESS:
        put_progress(out, &frame->progress);
        break;
    case WIRE_READY:
        put_ready(out, &frame->ready);
        break;
    case WIRE_OBSERVATION:
        wire_put_observation_payload(out, frame->observation);
        break;
    case WIRE_FAILED:
        put_failed(out, &frame->failed);
        break;
    case WIRE_SERVERS:
        wire_put_servers_payload(out, frame->servers);
        break;
    case WIRE_OBTAIN:
        wire_put_wanted_payload(out, &frame->wanted);
        break;
    case WIRE_CANDIDATE:
        wire_put_candidate_payload(out, frame->candidate);
        break;
    case WIRE_OBTAINED:
        wire_put_obtained_payload(out, &frame->obtained);
        break;
    default:
        break;
    }
}

static void take_payload(struct parcel *parcel, struct wire_frame *frame)
{
    switch (frame->type) {
    case WIRE_SETUP:
        take_setup(parcel, &frame->setup);
        break;
    case WIRE_ROUND:
    case WIRE_GO:
    case WIRE_DONE:
        frame->round = parcel_take_u64(parcel);
        break;
    case WIRE_QUESTION:
        frame->question = wire_take_question_payload(parcel);
        break;
    case WIRE_PROGRESS:
        take_progress(parcel, &frame->progress);
        break;
    case WIRE_READY:
        take_ready(parcel, &frame->ready);
        break;
    case WIRE_OBSERVATION:
        frame->observation = wire_take_observation_payload(parcel);
        break;
    case WIRE_FAILED:
        take_failed(parcel, &frame->failed);
        break;
    case WIRE_SERVERS:
        frame->servers = wire_take_servers_payload(parcel);
        break;
    case WIRE_OBTAIN:
        wire_take_wanted_payload(parcel, &frame->wanted);
        break;
    case WIRE_CANDIDATE:
        frame->candidate = wire_take_candidate_payload(parcel);
        break;
    case WIRE_OBTAINED:
        wire_take_obtained_payload(parcel, &frame->obtained);
        break;
    default:
        parcel->is_broken = true;
    }
}

/* Reading it back is what proves that the peer will take it. */
static bool put_frame(GByteArray *out, const struct wire_frame *frame)
{
    g_auto(wire_frame_t) proof = {0};
    guint start = out->len;
    uint32_t length = 0;
    size_t size;

    parcel_put_u32(out, length);
    parcel_put_u16(out, frame->type);
    put_payload(out, frame);
    length = out->len - start - (guint)HEAD_SIZE;
    memcpy(out->data + start, &length, sizeof length);
    if (wire_take(out->data + start, out->len - start, &proof, &size) == WIRE_FRAME)
        return true;
    g_byte_array_set_size(out, start);
    return false;
}

bool wire_put_setup(GByteArray *out, const struct wire_setup *setup)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_SETUP, .setup = *setup});
}

bool wire_put_round(GByteArray *out, uint64_t round)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_ROUND, .round = round});
}

bool wire_put_question(GByteArray *out, const struct question *question)
{
    return put_frame(out,
                     &(struct wire_frame){.type = WIRE_QUESTION, .question = (struct question *)question});
}

bool wire_put_go(GByteArray *out, uint64_t round)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_GO, .round = round});
}

bool wire_put_progress(GByteArray *out, const struct wire_progress *progress)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_PROGRESS, .progress = *progress});
}

bool wire_put_ready(GByteArray *out, const struct wire_ready *ready)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_READY, .ready = *ready});
}

bool wire_put_observation(GByteArray *out, const struct observation *observation)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_OBSERVATION,
                                               .observation = (struct observation *)observation});
}

bool wire_put_done(GByteArray *out, uint64_t round)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_DONE, .round = round});
}

bool wire_put_failed(GByteArray *out, const struct wire_failed *failed)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_FAILED, .failed = *failed});
}

bool wire_put_servers(GByteArray *out, const GPtrArray *servers)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_SERVERS, .servers = (GPtrArray *)servers});
}

bool wire_put_obtain(GByteArray *out, const struct wire_wanted *wanted)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_OBTAIN, .wanted = *wanted});
}

bool wire_put_candidate(GByteArray *out, const struct wire_candidate *candidate)
{
    return put_frame(
        out, &(struct wire_frame){.type = WIRE_CANDIDATE, .candidate = (struct wire_candidate *)candidate});
}

bool wire_put_obtained(GByteArray *out, const struct wire_obtained *obtained)
{
    return put_frame(out, &(struct wire_frame){.type = WIRE_OBTAINED, .obtained = *obtained});
}

enum wire_result wire_take(const uint8_t *data, size_t available, struct wire_frame *ret_frame,
                           size_t *ret_size)
{
    struct wire_frame frame = {0};
    uint32_t length;

    if (available < HEAD_SIZE) {
        *ret_size = HEAD_SIZE;
        return WIRE_MORE;
    }
    memcpy(&length, data, sizeof length);
    if (length < sizeof(uint16_t) || length > WIRE_MAX_FRAME - HEAD_SIZE)
        return WIRE_BROKEN;
    *ret_size = HEAD_SIZE + length;
    if (available < *ret_size)
        return WIRE_MORE;

    struct parcel parcel = {.at = data + HEAD_SIZE, .left = length};
    frame.type = parcel_take_u16(&parcel);
    take_payload(&parcel, &frame);
    if (!parcel_is_spent(&parcel)) {
        wire_frame_clear(&frame);
        return WIRE_BROKEN;
    }
    *ret_frame = frame;
    return WIRE_FRAME;
}

static void setup_clear(struct wire_setup *setup)
{
    g_free(setup->uri);
    g_free(setup->tls_ca_file);
    g_free(setup->tls_cert_file);
    g_free(setup->tls_key_file);
    g_free(setup->bind_dn);
    g_free(setup->password_file);
    g_free(setup->keytab);
    g_free(setup->principal);
    g_free(setup->krb5_conf);
}

static void ready_clear(struct wire_ready *ready)
{
    g_free(ready->kind);
    g_free(ready->limits);
}

static void wanted_clear(struct wire_wanted *wanted)
{
    g_free(wanted->name);
    g_free(wanted->filter);
}

void wire_frame_clear(struct wire_frame *frame)
{
    if (frame->type == WIRE_SETUP)
        setup_clear(&frame->setup);
    else if (frame->type == WIRE_READY)
        ready_clear(&frame->ready);
    else if (frame->type == WIRE_QUESTION)
        question_free(frame->question);
    else if (frame->type == WIRE_OBSERVATION)
        observation_free(frame->observation);
    else if (frame->type == WIRE_FAILED)
        failure_clear(&frame->failed.failure);
    else if (frame->type == WIRE_SERVERS && frame->servers)
        g_ptr_array_unref(frame->servers);
    else if (frame->type == WIRE_OBTAIN)
        wanted_clear(&frame->wanted);
    else if (frame->type == WIRE_CANDIDATE)
        wire_candidate_free(frame->candidate);
    else if (frame->type == WIRE_OBTAINED)
        wire_obtained_clear(&frame->obtained);
    *frame = (struct wire_frame){0};
}
