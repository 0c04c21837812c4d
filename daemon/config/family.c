#include "config/family.h"

#include <glib.h>
#include <string.h>

#include "dn/equal.h"
#include "dn/read.h"

#define HASH_DIGITS 8

char *family_name(const char *section, const char *dn)
{
    g_autoptr(dn_t) read = dn_read(dn, NULL, NULL);
    g_autofree char *key = read ? dn_key(read) : g_ascii_strdown(dn, -1);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);

    return g_strdup_printf("%s.%.*s", section, HASH_DIGITS, hash);
}

char *family_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    if (!dot || dot == name || strlen(dot + 1) != HASH_DIGITS ||
        strspn(dot + 1, "0123456789abcdef") != HASH_DIGITS)
        return NULL;
    return g_strndup(name, (gsize)(dot - name));
}

bool family_has(const char *section, const char *name)
{
    g_autofree char *family = family_of(name);

    return strcmp(section, name) == 0 || (family && strcmp(section, family) == 0);
}
