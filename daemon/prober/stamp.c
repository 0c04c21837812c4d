#include "prober/stamp.h"

#include <string.h>

#include "prober/generalized_time.h"
#include "prober/metadata.h"
#include "prober/origin.h"

#define MAX_NAME 4096 /* bytes; longer ones are no name of anybody */

/* The attribute that an event changes. */
static const char *const changed[] = {[STAMP_NAMED] = "name", [STAMP_DELETED] = "isDeleted"};

/* The ATTRTYP of attributes (MS-DRSR 5.16.4) where only the number is told. */
static const struct {
    const char *attribute;
    uint32_t number;
} numbers[] = {{"name", 0x00090001}, {"isDeleted", 0x00020030}, {"legacyExchangeDN", 0x0009028f}};

static bool find_in_ndr(const struct entry_value *all, const char *attribute, struct metadata *ret_metadata)
{
    for (size_t i = 0; all && i < G_N_ELEMENTS(numbers); i++)
        if (g_ascii_strcasecmp(numbers[i].attribute, attribute) == 0)
            return metadata_read_ndr(all->octets, all->length, numbers[i].number, ret_metadata);
    return false;
}

static bool find_metadata(const struct entry *entry, const char *attribute, struct metadata *ret_metadata)
{
    for (unsigned i = 0; i < entry->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(entry->values, i);
        if (g_ascii_strcasecmp(value->type, "msDS-ReplAttributeMetaData") == 0 &&
            metadata_read_xml(value->octets, value->length, attribute, ret_metadata))
            return true;
    }
    return find_in_ndr(entry_value(entry, "replPropertyMetaData"), attribute, ret_metadata);
}

static bool read_replication(struct probe *probe, const struct entry *entry, const char *attribute,
                             struct stamp *ret_stamp)
{
    struct metadata metadata = {0};

    if (!find_metadata(entry, attribute, &metadata))
        return true;
    ret_stamp->wall_ms = metadata.wall_ms;
    bool is_alive = origin_find(probe, &metadata, &ret_stamp->origin);
    metadata_clear(&metadata);
    return is_alive;
}

bool stamp_read(struct probe *probe, const struct entry *entry, enum stamp_event event,
                struct stamp *ret_stamp)
{
    return stamp_read_of(probe, entry, changed[event], ret_stamp);
}

bool stamp_read_of(struct probe *probe, const struct entry *entry, const char *attribute,
                   struct stamp *ret_stamp)
{
    stamp_clear(ret_stamp);
    if (probe->profile->kind->stamp_form == STAMP_REPLICATION)
        return read_replication(probe, entry, attribute, ret_stamp);
    const char *by = entry_text(entry, "modifiersName");
    ret_stamp->wall_ms = generalized_time_parse(entry_text(entry, "modifyTimestamp"));
    ret_stamp->by = by && *by && strlen(by) <= MAX_NAME ? g_strdup(by) : NULL;
    return true;
}
