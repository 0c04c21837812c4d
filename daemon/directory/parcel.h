/* Numbers and texts in a run of bytes, for the frames of wire.h. A writer appends to a GByteArray of its
 * caller; a reader walks over borrowed bytes and, once anything does not fit, answers zero and NULL for good,
 * so that a decoder asks once at its end. */
#ifndef DNDRIFT_DIRECTORY_PARCEL_H
#define DNDRIFT_DIRECTORY_PARCEL_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARCEL_MAX_TEXT 8192 /* bytes of one text */

/* Numbers are in the machine's own byte order: both ends run on the same machine. */
void parcel_put_u16(GByteArray *out, uint16_t number);
void parcel_put_u32(GByteArray *out, uint32_t number);
void parcel_put_u64(GByteArray *out, uint64_t number);
void parcel_put_bool(GByteArray *out, bool flag);
void parcel_put_text(GByteArray *out, const char *text); /* NULL stays NULL */

struct parcel {
    const uint8_t *at;
    size_t left;
    bool is_broken;
};

/* Each breaks the parcel when the bytes do not hold what is asked. */
uint16_t parcel_take_u16(struct parcel *parcel);
uint32_t parcel_take_u32(struct parcel *parcel);
uint64_t parcel_take_u64(struct parcel *parcel);
bool parcel_take_bool(struct parcel *parcel); /* 0 or 1 */
unsigned parcel_take_below(struct parcel *parcel,
                           unsigned end);         /* a u32 smaller than end: an enum, a count */
char *parcel_take_text(struct parcel *parcel);    /* NULL or text without NUL bytes; g_free() it */
char *parcel_take_present(struct parcel *parcel); /* the same, where NULL breaks the parcel */

/* Whether everything fitted and nothing is left. */
bool parcel_is_spent(const struct parcel *parcel);
#endif
