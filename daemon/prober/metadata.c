#include "prober/metadata.h"

#include <glib.h>
#include <string.h>

#define MS_PER_S            1000
#define S_FROM_1601_TO_1970 INT64_C(11644473600)
#define S_FROM_1601_TO_9999 INT64_C(265046774400) /* the end of that year */

void metadata_clear(struct metadata *metadata)
{
    g_free(metadata->dsa);
    *metadata = (struct metadata){0};
}

/* --- XML */

/* The element whose text comes next, and the texts so far. */
struct xml_reading {
    char **text; /* NULL: of no interest */
    char *attribute, *time, *dsa, *invocation_id;
};

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
                     const char **values, void *user, GError **error)
{
    struct xml_reading *reading = user;
    const struct {
        const char *element;
        char **text;
    } wanted[] = {{"pszAttributeName", &reading->attribute},
                  {"ftimeLastOriginatingChange", &reading->time},
                  {"pszLastOriginatingDsaDN", &reading->dsa},
                  {"uuidLastOriginatingDsaInvocationID", &reading->invocation_id}};

    (void)context;
    (void)names;
    (void)values;
    (void)error;
    reading->text = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        if (strcmp(element, wanted[i].element) == 0)
            reading->text = wanted[i].text;
}

static void on_end(GMarkupParseContext *context, const char *element, void *user, GError **error)
{
    (void)context;
    (void)element;
    (void)error;
    ((struct xml_reading *)user)->text = NULL;
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, void *user, GError **error)
{
    struct xml_reading *reading = user;

    (void)context;
    (void)error;
    if (!reading->text)
        return;
    g_free(*reading->text);
    *reading->text = g_strndup(text, length);
}

static int64_t wall_ms_of(const char *text)
{
    g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return time ? MAX(g_date_time_to_unix(time), 0) * MS_PER_S : 0;
}

bool metadata_read_xml(const char *xml, size_t length, const char *attribute, struct metadata *ret_metadata)
{
    static const GMarkupParser parser = {.start_element = on_start, .end_element = on_end, .text = on_text};
    struct xml_reading reading = {0};

    while (length > 0 && xml[length - 1] == '\0')
        length--;
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, &reading, NULL);
    bool is_found = length > 0 && g_markup_parse_context_parse(context, xml, (gssize)length, NULL) &&
                    g_markup_parse_context_end_parse(context, NULL) && reading.attribute &&
                    g_ascii_strcasecmp(reading.attribute, attribute) == 0;
    if (is_found) {
        *ret_metadata = (struct metadata){.wall_ms = wall_ms_of(reading.time)};
        if (reading.dsa && *reading.dsa)
            ret_metadata->dsa = g_steal_pointer(&reading.dsa);
        if (reading.invocation_id)
            guid_parse(reading.invocation_id, ret_metadata->invocation_id);
    }
    g_free(reading.attribute);
    g_free(reading.time);
    g_free(reading.dsa);
    g_free(reading.invocation_id);
    return is_found;
}

/* --- NDR: little-endian, a header, then entries of one size */

#define NDR_VERSION       1
#define NDR_HEADER_SIZE   16 /* version, reserved, count, reserved: u32 each */
#define NDR_COUNT_AT      8
#define NDR_ENTRY_SIZE    48
#define NDR_TIME_AT       8 /* in an entry: u64 behind ATTRTYP and version, u32 each */
#define NDR_INVOCATION_AT 16

static uint64_t take_little_endian(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;

    while (size-- > 0)
        number = number << 8 | bytes[size];
    return number;
}

static int64_t wall_ms_since_1601(uint64_t seconds)
{
    if (seconds <= S_FROM_1601_TO_1970 || seconds >= S_FROM_1601_TO_9999)
        return 0;
    return ((int64_t)seconds - S_FROM_1601_TO_1970) * MS_PER_S;
}

bool metadata_read_ndr(const void *ndr, size_t length, uint32_t attribute, struct metadata *ret_metadata)
{
    const uint8_t *bytes = ndr;

    if (length < NDR_HEADER_SIZE || take_little_endian(bytes, 4) != NDR_VERSION)
        return false;
    uint64_t n_entries = take_little_endian(bytes + NDR_COUNT_AT, 4);
    if (n_entries > (length - NDR_HEADER_SIZE) / NDR_ENTRY_SIZE)
        return false;
    for (uint64_t i = 0; i < n_entries; i++) {
        const uint8_t *entry = bytes + NDR_HEADER_SIZE + i * NDR_ENTRY_SIZE;
        if (take_little_endian(entry, 4) != attribute)
            continue;
        *ret_metadata =
            (struct metadata){.wall_ms = wall_ms_since_1601(take_little_endian(entry + NDR_TIME_AT, 8))};
        memcpy(ret_metadata->invocation_id, entry + NDR_INVOCATION_AT, GUID_SIZE);
        return true;
    }
    return false;
}
