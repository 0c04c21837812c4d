#include "prober/tombstone.h"

#include <string.h>

#include "dn/parse.h"
#include "dn/print.h"
#include "prober/generalized_time.h"
#include "prober/guid.h"
#include "prober/stamp.h"

#define CSN_LENGTH      20 /* of 389 Directory Server: hexadecimal, beginning with the time */
#define CSN_TIME_LENGTH 8  /* in seconds since 1970 */
#define MS_PER_S        1000

static void take_dn(const char *dn, char **ret_dn)
{
    if (dn && *dn && strlen(dn) < DN_MAX_BYTES)
        *ret_dn = g_strdup(dn);
}

static bool run(struct probe *probe, const struct search *search, struct entry **ret_entry)
{
    struct reply reply;

    bool is_alive = search_run(probe->connection, search, &reply);
    bool is_one = reply_is_complete(&reply) && reply.code == LDAP_SUCCESS && reply.n_entries == 1;
    *ret_entry = is_one ? reply_take_entry(&reply) : NULL;
    reply_clear(&reply);
    return is_alive;
}

/* --- Active Directory: the entry itself, marked and moved to Deleted Objects (MS-ADTS 3.1.1.5.5.1.1) */

static bool read_shown(struct probe *probe, const char *identity, const struct entry *entry,
                       struct tombstone *tombstone)
{
    g_autofree char *its_identity =
        profile_identity(probe->profile, profile_id_attribute(probe->profile, identity), entry);

    if (!its_identity || g_ascii_strcasecmp(its_identity, identity) != 0 ||
        !entry_has(entry, "isDeleted", "TRUE"))
        return true;
    take_dn(entry->dn, &tombstone->dn);
    take_dn(entry_text(entry, "lastKnownParent"), &tombstone->last_parent);
    bool is_alive = stamp_read(probe, entry, STAMP_DELETED, &tombstone->stamp);
    if (tombstone->stamp.wall_ms == 0) /* as a rule nothing changes it any more */
        tombstone->stamp.wall_ms = generalized_time_parse(entry_text(entry, "whenChanged"));
    return is_alive;
}

static bool find_shown(struct probe *probe, const char *identity, struct tombstone *tombstone)
{
    const struct kind *kind = probe->profile->kind;
    const char *const attributes[] = {
        kind->ids[0], "isDeleted", "lastKnownParent", "whenChanged", kind->stamp[0], kind->stamp[1], NULL};
    const char *value = profile_id_value(probe->profile, identity);
    uint8_t octets[GUID_SIZE];
    struct entry *entry;

    if (!probe->profile->has_show_deleted || !value || !guid_parse(value, octets))
        return true;
    g_autofree char *base = g_strdup_printf("<GUID=%s>", value);
    const struct search search = {.base = base,
                                  .scope = LDAP_SCOPE_BASE,
                                  .filter = "(objectClass=*)",
                                  .attributes = attributes,
                                  .wants_deleted = true};
    bool is_alive = run(probe, &search, &entry) && (!entry || read_shown(probe, identity, entry, tombstone));
    entry_free(entry);
    return is_alive;
}

/* --- 389 Directory Server: an entry of its own below where it was, shown to few */

static int64_t wall_ms_of(const char *csn)
{
    if (!csn || strlen(csn) != CSN_LENGTH || strspn(csn, "0123456789abcdefABCDEF") != CSN_LENGTH)
        return 0;
    g_autofree char *seconds = g_strndup(csn, CSN_TIME_LENGTH);
    return (int64_t)g_ascii_strtoull(seconds, NULL, 16) * MS_PER_S;
}

static void read_filtered(const struct entry *entry, struct tombstone *tombstone)
{
    const char *last_dn = entry_text(entry, "nscpEntryDN");
    g_autoptr(dn_t) last = last_dn ? dn_parse(last_dn, NULL, NULL) : NULL;
    g_autoptr(dn_t) parent = last ? dn_parent(last) : NULL;
    g_autofree char *last_parent = parent ? dn_print(parent) : NULL;

    take_dn(entry->dn, &tombstone->dn);
    take_dn(last_parent, &tombstone->last_parent);
    tombstone->stamp.wall_ms = wall_ms_of(entry_text(entry, "nsTombstoneCSN"));
}

static bool find_filtered(struct probe *probe, const struct dn *near, const char *identity,
                          struct tombstone *tombstone)
{
    static const char *const attributes[] = {"nscpEntryDN", "nsTombstoneCSN", NULL};
    const struct context *context = profile_context_of(probe->profile, near);
    const char *value = profile_id_value(probe->profile, identity);
    struct entry *entry;

    if (!context || !value)
        return true;
    g_autofree char *escaped = search_escape(value);
    g_autofree char *filter = g_strdup_printf("(&(objectClass=nsTombstone)(%s=%s))",
                                              profile_id_attribute(probe->profile, identity), escaped);
    const struct search search = {context->text, LDAP_SCOPE_SUBTREE, filter, attributes, 2, false};
    bool is_alive = run(probe, &search, &entry);
    if (entry)
        read_filtered(entry, tombstone);
    entry_free(entry);
    return is_alive;
}

bool tombstone_find(struct probe *probe, const struct dn *near, const char *identity,
                    struct tombstone *ret_tombstone)
{
    switch (probe->profile->kind->tombstone_form) {
    case TOMBSTONE_SHOWN:
        return find_shown(probe, identity, ret_tombstone);
    case TOMBSTONE_FILTER:
        return find_filtered(probe, near, identity, ret_tombstone);
    default:
        return true;
    }
}
