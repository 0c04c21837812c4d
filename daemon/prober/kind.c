#include "prober/kind.h"

#define AD_CAPABILITY     "1.2.840.113556.1.4.800"
#define AD_LDS_CAPABILITY "1.2.840.113556.1.4.1851"

/* A class that a server does not know is just never met. */
#define CONTAINER_CLASSES                                                                                    \
    "(objectClass=organizationalUnit)(objectClass=container)(objectClass=organization)(objectClass=domain)"  \
    "(objectClass=dcObject)(objectClass=locality)(objectClass=country)(objectClass=nsContainer)"             \
    "(objectClass=builtinDomain)"
/* Without `not`: where a server does not know a class, that would be neither true nor false. */
#define PEOPLE                                                                                               \
    "(|(objectClass=person)(objectClass=account)(objectClass=posixAccount)(objectClass=contact)"             \
    "(objectClass=Remote-Address)(objectClass=Custom-Recipient))"
#define AD_PEOPLE "(objectCategory=person)" /* users and contacts; computers are of class person, too */

#define COMMON_NAMES "cn", "ou", "o", "uid", "dc", "l", "c"
#define AD_NAMES                                                                                             \
    {                                                                                                        \
        "displayName", "adminDisplayName", "displayNamePrintable", "description", "name", COMMON_NAMES       \
    }

static const struct kind kinds[] = {
    {
        .name = "OpenLDAP",
        .marks = {{"objectClass", "OpenLDAProotDSE"}},
        .ids = {"entryUUID"},
        .id_form = ID_FORM_TEXT,
        .gives_matched_dn = true,
        .stamp_form = STAMP_OPERATIONAL,
        .stamp = {"modifyTimestamp", "modifiersName"},
        .children = "hasSubordinates",
        .children_form = CHILDREN_PRESENCE,
        .vintage_form = VINTAGE_CONTEXT_CSN,
        .tombstone_form = TOMBSTONE_NONE,
        .containers = "(|(hasSubordinates=TRUE)" CONTAINER_CLASSES ")",
        .people = PEOPLE,
        .names = {"displayName", "adminDisplayName", "description", COMMON_NAMES},
    },
    {
        .name = "389 Directory Server",
        .marks = {{"vendorName", "389 Project"}},
        .ids = {"nsUniqueId", "entryUUID"},
        .id_form = ID_FORM_TEXT,
        .any_entry = "(|(objectClass=*)(objectClass=ldapsubentry))", /* such as conflicts are */
        .gives_matched_dn = true,
        .stamp_form = STAMP_OPERATIONAL,
        .stamp = {"modifyTimestamp", "modifiersName"},
        .children = "numSubordinates",
        .children_form = CHILDREN_NUMBER,
        .vintage_form = VINTAGE_UNKNOWN,
        .tombstone_form = TOMBSTONE_FILTER,
        .conflict = "nsds5ReplConflict",
        .containers = "(|(numSubordinates>=1)" CONTAINER_CLASSES ")",
        .people = PEOPLE,
        .names = {"displayName", "adminDisplayName", "description", COMMON_NAMES},
    },
    {
        .name = "Samba",
        .marks = {{"vendorName", "Samba Team"}, {"supportedCapabilities", AD_CAPABILITY}},
        .ids = {"objectGUID"},
        .id_form = ID_FORM_GUID,
        .gives_matched_dn = false,
        .hidden_text = "Access check failed", /* 4.17, dsdb */
        .stamp_form = STAMP_REPLICATION,
        .stamp = {"msDS-ReplAttributeMetaData", "replPropertyMetaData"},
        .children = "msDS-Approx-Immed-Subordinates",
        .children_form = CHILDREN_ESTIMATE,
        .vintage_form = VINTAGE_HIGHEST_COMMITTED_USN,
        .tombstone_form = TOMBSTONE_SHOWN,
        .mangles_names = true,
        .containers = "(|" CONTAINER_CLASSES ")",
        .people = AD_PEOPLE,
        .names = AD_NAMES,
    },
    {
        .name = "Active Directory",
        .marks = {{"supportedCapabilities", AD_CAPABILITY}},
        .ids = {"objectGUID"},
        .id_form = ID_FORM_GUID,
        .gives_matched_dn = true,
        .stamp_form = STAMP_REPLICATION,
        .stamp = {"msDS-ReplAttributeMetaData", "replPropertyMetaData"},
        .children = "msDS-Approx-Immed-Subordinates",
        .children_form = CHILDREN_ESTIMATE,
        .vintage_form = VINTAGE_HIGHEST_COMMITTED_USN,
        .tombstone_form = TOMBSTONE_SHOWN,
        .mangles_names = true,
        .containers = "(|" CONTAINER_CLASSES ")",
        .people = AD_PEOPLE,
        .names = AD_NAMES,
    },
    {
        .name = "Active Directory Lightweight Directory Services",
        .marks = {{"supportedCapabilities", AD_LDS_CAPABILITY}},
        .ids = {"objectGUID"},
        .id_form = ID_FORM_GUID,
        .gives_matched_dn = true,
        .stamp_form = STAMP_REPLICATION,
        .stamp = {"msDS-ReplAttributeMetaData", "replPropertyMetaData"},
        .children = "msDS-Approx-Immed-Subordinates",
        .children_form = CHILDREN_ESTIMATE,
        .vintage_form = VINTAGE_HIGHEST_COMMITTED_USN,
        .tombstone_form = TOMBSTONE_SHOWN,
        .mangles_names = true,
        .containers = "(|" CONTAINER_CLASSES ")",
        .people = AD_PEOPLE,
        .names = AD_NAMES,
    },
    {
        .name = "unknown",
        .ids = {"entryUUID"}, /* RFC 4530 */
        .id_form = ID_FORM_TEXT,
        .gives_matched_dn = true,
        .stamp_form = STAMP_OPERATIONAL,
        .stamp = {"modifyTimestamp", "modifiersName"},
        .children = "hasSubordinates",
        .children_form = CHILDREN_PRESENCE,
        .vintage_form = VINTAGE_UNKNOWN,
        .tombstone_form = TOMBSTONE_NONE,
        .containers = "(|" CONTAINER_CLASSES ")",
        .people = PEOPLE,
        .limits =
            "this kind of server is unknown: entries are followed by entryUUID (RFC 4530) alone, and one "
            "that does not show it is merely missing after it was renamed, moved or deleted",
        /* Exchange 5.5 is among these: its directory name is `rdn`, its display name `cn`. */
        .names = {"displayName", "adminDisplayName", "Admin-Display-Name", "description", COMMON_NAMES,
                  "name", "rdn"},
    },
};

static bool bears(const struct entry *root, const struct kind *kind)
{
    for (size_t i = 0; i < KIND_MAX_MARKS && kind->marks[i].attribute; i++)
        if (!entry_has_beginning(root, kind->marks[i].attribute, kind->marks[i].beginning))
            return false;
    return true;
}

const struct kind *kind_of(const struct entry *root)
{
    for (size_t i = 0; root && i < G_N_ELEMENTS(kinds); i++)
        if (bears(root, &kinds[i]))
            return &kinds[i];
    return &kinds[G_N_ELEMENTS(kinds) - 1];
}
