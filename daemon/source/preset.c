#include "source/preset.h"

#include <string.h>

#define GALSYNC    "//private-configuration/adma-configuration/ui-data/galma/target-ou"
#define CONTAINERS "//ma-partition-data/partition[selected='1']/filter/containers/inclusions/inclusion"
#define LSC        "/lsc/tasks/task[name=$name]/*[self::ldapSourceService or self::ldapDestinationService]/baseDn"
#define KEYCLOAK   "/components/org.keycloak.storage.UserStorageProvider/*/config/usersDn/*"

#define TEXT(constant) ((char *)(constant))

static const struct preset presets[] = {
    {"ini", {.kind = SOURCE_INI}, "FILE SECTION KEY", 3, 3, "a file with [sections]"},
    {"keyvalue", {.kind = SOURCE_KEYVALUE}, "FILE KEY", 2, 2, "a file of lines KEY = VALUE"},
    {"xml", {.kind = SOURCE_XML}, "FILE XPATH", 2, 2, "an XML file; namespaces do not matter"},
    {"json", {.kind = SOURCE_JSON}, "FILE POINTER", 2, 2, "a JSON file; * in the pointer means each element"},
    {"ldap", {.kind = SOURCE_LDAP}, "DIRECTORY DN ATTRIBUTE", 3, 3, "an entry of a directory"},
    {"postfix",
     {.kind = SOURCE_POSTFIX, .path = TEXT("search_base")},
     "FILE",
     1,
     1,
     "a Postfix ldap_table(5)"},
    {"sssd",
     {.kind = SOURCE_SSSD, .file = TEXT("/etc/sssd/sssd.conf"), .path = TEXT("ldap_search_base")},
     "DOMAIN [KEY]",
     1,
     2,
     "a domain of sssd.conf(5)"},
    {"dovecot",
     {.kind = SOURCE_DOVECOT, .path = TEXT("base")},
     "[FILE [KEY]]",
     0,
     2,
     "Dovecot; KEY is ldap_base from version 2.4 on"},
    {"nslcd", {.kind = SOURCE_NSLCD, .path = TEXT("base")}, "[FILE]", 0, 1, "nslcd.conf(5)"},
    {"freeradius",
     {.kind = SOURCE_FREERADIUS, .path = TEXT("base_dn")},
     "FILE",
     1,
     1,
     "FreeRADIUS, mods-available/ldap"},
    {"galsync",
     {.kind = SOURCE_XML, .path = TEXT(GALSYNC)},
     "FILE",
     1,
     1,
     "the export of a GAL management agent of FIM or MIM"},
    {"mim",
     {.kind = SOURCE_XML, .path = TEXT(CONTAINERS)},
     "FILE",
     1,
     1,
     "the containers that a management agent of FIM or MIM includes"},
    {"lsc", {.kind = SOURCE_XML, .path = TEXT(LSC)}, "FILE TASK", 2, 2, "a task of lsc.xml"},
    {"keycloak",
     {.kind = SOURCE_JSON, .path = TEXT(KEYCLOAK)},
     "FILE REALM",
     2,
     2,
     "an exported realm of Keycloak"},
};

const struct preset *preset_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(presets); i++)
        if (strcmp(presets[i].name, name) == 0)
            return &presets[i];
    return NULL;
}

char *preset_list(void)
{
    GString *list = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(presets); i++)
        g_string_append_printf(list, "%s%s", i ? " " : "", presets[i].name);
    return g_string_free(list, FALSE);
}
