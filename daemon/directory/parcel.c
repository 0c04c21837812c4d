#include "directory/parcel.h"

#include <string.h>

#define TEXT_IS_NULL UINT32_MAX /* in place of a length */

static void put(GByteArray *out, const void *bytes, size_t size)
{
    g_byte_array_append(out, bytes, (guint)size);
}

void parcel_put_u16(GByteArray *out, uint16_t number)
{
    put(out, &number, sizeof number);
}

void parcel_put_u32(GByteArray *out, uint32_t number)
{
    put(out, &number, sizeof number);
}

void parcel_put_u64(GByteArray *out, uint64_t number)
{
    put(out, &number, sizeof number);
}

void parcel_put_bool(GByteArray *out, bool flag)
{
    uint8_t byte = flag;

    put(out, &byte, sizeof byte);
}

void parcel_put_text(GByteArray *out, const char *text)
{
    size_t length = text ? strlen(text) : 0;

    parcel_put_u32(out, text ? (uint32_t)MIN(length, TEXT_IS_NULL - 1) : TEXT_IS_NULL);
    put(out, text ? text : "", length);
}

/* The next bytes, or NULL when there are not as many. */
static const uint8_t *take(struct parcel *parcel, size_t size)
{
    const uint8_t *bytes = parcel->at;

    if (parcel->is_broken || parcel->left < size) {
        parcel->is_broken = true;
        return NULL;
    }
    parcel->at += size;
    parcel->left -= size;
    return bytes;
}

static void take_number(struct parcel *parcel, void *ret_number, size_t size)
{
    const uint8_t *bytes = take(parcel, size);

    if (bytes)
        memcpy(ret_number, bytes, size);
}

uint16_t parcel_take_u16(struct parcel *parcel)
{
    uint16_t number = 0;

    take_number(parcel, &number, sizeof number);
    return number;
}

uint32_t parcel_take_u32(struct parcel *parcel)
{
    uint32_t number = 0;

    take_number(parcel, &number, sizeof number);
    return number;
}

uint64_t parcel_take_u64(struct parcel *parcel)
{
    uint64_t number = 0;

    take_number(parcel, &number, sizeof number);
    return number;
}

bool parcel_take_bool(struct parcel *parcel)
{
    uint8_t byte = 0;

    take_number(parcel, &byte, sizeof byte);
    parcel->is_broken |= byte > 1;
    return byte == 1;
}

unsigned parcel_take_below(struct parcel *parcel, unsigned end)
{
    uint32_t number = parcel_take_u32(parcel);

    if (number < end)
        return number;
    parcel->is_broken = true;
    return 0;
}

char *parcel_take_text(struct parcel *parcel)
{
    uint32_t length = parcel_take_u32(parcel);

    if (parcel->is_broken || length == TEXT_IS_NULL)
        return NULL;
    parcel->is_broken = length > PARCEL_MAX_TEXT;
    const uint8_t *bytes = take(parcel, length);
    if (!bytes)
        return NULL;
    if (memchr(bytes, '\0', length)) {
        parcel->is_broken = true;
        return NULL;
    }
    return g_strndup((const char *)bytes, length);
}

char *parcel_take_present(struct parcel *parcel)
{
    char *text = parcel_take_text(parcel);

    parcel->is_broken |= !text;
    return text;
}

bool parcel_is_spent(const struct parcel *parcel)
{
    return !parcel->is_broken && parcel->left == 0;
}
