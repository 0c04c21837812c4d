#include "prober/guid.h"

#include <glib.h>
#include <string.h>

#define TEXT_LENGTH 36

/* Which octet each pair of digits is, from left to right. */
static const uint8_t order[GUID_SIZE] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

/* Whether a dash stands before this pair of digits. */
static bool is_dashed(size_t pair)
{
    return pair == 4 || pair == 6 || pair == 8 || pair == 10;
}

char *guid_print(const void *octets, size_t length)
{
    const uint8_t *bytes = octets;

    if (length != GUID_SIZE)
        return NULL;
    GString *text = g_string_sized_new(TEXT_LENGTH);
    for (size_t i = 0; i < GUID_SIZE; i++)
        g_string_append_printf(text, "%s%02x", is_dashed(i) ? "-" : "", bytes[order[i]]);
    return g_string_free(text, FALSE);
}

bool guid_parse(const char *text, uint8_t ret_octets[GUID_SIZE])
{
    uint8_t octets[GUID_SIZE];

    if (strlen(text) != TEXT_LENGTH)
        return false;
    for (size_t i = 0; i < GUID_SIZE; i++) {
        if (is_dashed(i) && *text++ != '-')
            return false;
        int high = g_ascii_xdigit_value(text[0]), low = g_ascii_xdigit_value(text[1]);
        if (high < 0 || low < 0)
            return false;
        octets[order[i]] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    memcpy(ret_octets, octets, GUID_SIZE);
    return true;
}
