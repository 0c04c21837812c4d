#include "config/file_rules.h"

#include "config/quote.h"
#include "config/secret.h"

#include <errno.h>
#include <unistd.h>

static void report_lonely(const struct section *section, const char *there, const char *lacking,
                          const char *what, struct problems *problems)
{
    const struct entry *entry = section_find(section, there);

    if (entry && !section_find(section, lacking))
        problems_add(problems, entry->line, "`%s` without its %s, expected %s too", there, what, lacking);
}

void file_rules_pair(const struct section *section, const char *cert, const char *key,
                     struct problems *problems)
{
    report_lonely(section, cert, key, "key", problems);
    report_lonely(section, key, cert, "certificate", problems);
}

void file_rules_public(const struct section *section, const char *key, struct problems *problems)
{
    const struct entry *entry = section_find(section, key);

    if (entry && *entry->value == '/' && access(entry->value, R_OK) != 0) {
        g_autofree char *path = quote(entry->value);

        problems_add(problems, entry->line, "%s: %s cannot be read: %s", key, path, g_strerror(errno));
    }
}

void file_rules_program(const struct section *section, const char *key, const char *path,
                        struct problems *problems)
{
    g_autofree char *shown = path ? quote(path) : NULL;

    if (!path)
        return;
    if (access(path, X_OK) != 0)
        problems_add(problems, section_line_of(section, key), "%s: %s cannot be run: %s", key, shown,
                     g_strerror(errno));
    else if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
        problems_add(problems, section_line_of(section, key), "%s: %s is no file, expected a program", key,
                     shown);
}

void file_rules_secret(const struct section *section, const char *key, const char *path,
                       struct problems *problems)
{
    g_autoptr(GError) error = NULL;

    if (path && !secret_check(path, &error))
        problems_add(problems, section_line_of(section, key), "%s: %s", key, error->message);
}

void file_rules_resolve(char **path, const struct section *section, const char *key,
                        struct problems *problems)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *written = g_steal_pointer(path);

    if (!written)
        return;
    *path = secret_path(written, &error);
    if (error)
        problems_add(problems, section_line_of(section, key), "%s: %s", key, error->message);
}
