#include "ctl/section.h"

#include <stdbool.h>
#include <string.h>

#include "config/line.h"
#include "config/name.h"
#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/read.h"

#define UNNAMED    "watch" /* of what has no letter and no digit in its name */
#define MAX_SUFFIX 8       /* bytes of `-N` */

static bool is_name_byte(char byte)
{
    return g_ascii_isalnum(byte) || strchr("._-", byte);
}

/* What a name may hold stays, each run of other bytes becomes a hyphen. */
static char *make_name(const char *text)
{
    GString *name = g_string_new(NULL);

    for (; *text && name->len < NAME_MAX_BYTES - MAX_SUFFIX; text++)
        if (is_name_byte(*text) && (name->len > 0 || g_ascii_isalnum(*text)))
            g_string_append_c(name, *text);
        else if (name->len > 0 && name->str[name->len - 1] != '-')
            g_string_append_c(name, '-');
    while (name->len > 0 && name->str[name->len - 1] == '-')
        g_string_truncate(name, name->len - 1);
    return g_string_free(name, FALSE);
}

const char *section_name(const char *directory_name, GHashTable *taken)
{
    g_autofree char *made = make_name(directory_name);
    const char *base = *made ? made : UNNAMED;
    char *name = g_strdup(base);

    for (unsigned n = 2; g_hash_table_contains(taken, name); n++) {
        g_free(name);
        name = g_strdup_printf("%s-%u", base, n);
    }
    g_hash_table_add(taken, name);
    return name;
}

/* An LDAP DN may look like another form (`o=a/ou=b`), and a file takes the blank off its end. */
static char *make_value(const char *dn)
{
    const char *rest;
    GString *value = g_string_new(dn_form_of(dn, &rest) == DN_FORM_LDAP && rest == dn ? "" : "ldap:");

    g_string_append(value, dn);
    if (g_str_has_suffix(dn, "\\ ")) {
        g_string_truncate(value, value->len - 1);
        g_string_append(value, "20");
    }
    return g_string_free(value, FALSE);
}

/* Whether the daemon reads it as that DN. */
static bool is_read_as(const char *value, const char *dn)
{
    g_autoptr(dn_t) read = dn_read(value, NULL, NULL), meant = dn_parse(dn, NULL, NULL);

    return read && meant && strlen(value) <= LINE_MAX_VALUE_BYTES && dn_equal(read, meant);
}

char *section_print(const char *name, const char *directory, const char *dn, const char *identity,
                    const char *entry_filter)
{
    g_autofree char *value = make_value(dn), *escaped = line_escape_value(value);
    GString *text;

    if (!is_read_as(value, dn))
        return NULL;
    text = g_string_new(NULL);
    g_string_append_printf(text, "[watch %s]\ndirectory = %s\ndn = %s\n", name, directory, escaped);
    if (identity)
        g_string_append_printf(text, "# identity = %s\n", identity);
    if (entry_filter) {
        g_autofree char *filter = line_escape_value(entry_filter);
        g_string_append_printf(text, "entry_filter = %s\n", filter);
    }
    return g_string_free(text, FALSE);
}
