#include "prober/stamp.h"

#include <string.h>

#include "prober/generalized_time.h"
#include "prober/metadata.h"
#include "prober/origin.h"

#define MAX_NAME 4096 /* bytes; longer ones are no name of anybody */

/* The attribute that an event changes, and its ATTRTYP (MS-DRSR 5.16.4). */
static const struct {
    const char *attribute;
    uint32_t number;
} changed[] = {
    [STAMP_NAMED] = {"name", 0x00090001},
    [STAMP_DELETED] = {"isDeleted", 0x00020030},
};

static bool find_metadata(const struct entry *entry, enum stamp_event event, struct metadata *ret_metadata)
{
    for (unsigned i = 0; i < entry->values->len; i++) {
        const struct entry_value *value = g_ptr_array_index(entry->values, i);
        if (g_ascii_strcasecmp(value->type, "msDS-ReplAttributeMetaData") == 0 &&
            metadata_read_xml(value->octets, value->length, changed[event].attribute, ret_metadata))
            return true;
    }
    const struct entry_value *all = entry_value(entry, "replPropertyMetaData");
    return all && metadata_read_ndr(all->octets, all->length, changed[event].number, ret_metadata);
}

static bool read_replication(struct probe *probe, const struct entry *entry, enum stamp_event event,
                             struct stamp *ret_stamp)
{
    struct metadata metadata = {0};

    if (!find_metadata(entry, event, &metadata))
        return true;
    ret_stamp->wall_ms = metadata.wall_ms;
    bool is_alive = origin_find(probe, &metadata, &ret_stamp->origin);
    metadata_clear(&metadata);
    return is_alive;
}

bool stamp_read(struct probe *probe, const struct entry *entry, enum stamp_event event,
                struct stamp *ret_stamp)
{
    stamp_clear(ret_stamp);
    if (probe->profile->kind->stamp_form == STAMP_REPLICATION)
        return read_replication(probe, entry, event, ret_stamp);
    const char *by = entry_text(entry, "modifiersName");
    ret_stamp->wall_ms = generalized_time_parse(entry_text(entry, "modifyTimestamp"));
    ret_stamp->by = by && *by && strlen(by) <= MAX_NAME ? g_strdup(by) : NULL;
    return true;
}
