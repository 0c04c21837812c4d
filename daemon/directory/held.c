#include "directory/held.h"

#include <string.h>

#include "directory/wire.h"

struct held {
    unsigned n_refs;
    unsigned size;
    uint8_t bytes[]; /* a frame, then the server with its NUL */
};

static bool is_same(const struct held *held, const GByteArray *packed)
{
    return held && held->size == packed->len && memcmp(held->bytes, packed->data, packed->len) == 0;
}

struct held *held_new(const struct observation *observation, struct held *like, size_t *n_bytes)
{
    g_autoptr(GByteArray) packed = g_byte_array_sized_new(512);
    struct observation anybodys = *observation;
    const char *server = observation->server ? observation->server : "";

    anybodys.question = 0;
    if (!wire_put_observation(packed, &anybodys))
        return NULL;
    g_byte_array_append(packed, (const uint8_t *)server, (guint)strlen(server) + 1);
    if (is_same(like, packed))
        return held_ref(like);
    struct held *held = g_malloc(sizeof *held + packed->len);
    held->n_refs = 1;
    held->size = packed->len;
    memcpy(held->bytes, packed->data, packed->len);
    *n_bytes += sizeof *held + held->size;
    return held;
}

struct held *held_ref(struct held *held)
{
    held->n_refs++;
    return held;
}

void held_unref(struct held *held, size_t *n_bytes)
{
    if (!held || --held->n_refs > 0)
        return;
    *n_bytes -= sizeof *held + held->size;
    g_free(held);
}

struct observation *held_open(const struct held *held, uint32_t question)
{
    g_auto(wire_frame_t) frame = {0};
    size_t size;
    enum wire_result result = wire_take(held->bytes, held->size, &frame, &size);

    g_assert(result == WIRE_FRAME); /* it was put there by held_new() */
    struct observation *observation = g_steal_pointer(&frame.observation);
    observation->question = question;
    observation->server = g_strdup((const char *)held->bytes + size);
    return observation;
}
