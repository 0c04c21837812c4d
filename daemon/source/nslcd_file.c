#include "source/nslcd_file.h"

#include <string.h>

#include "source/lines.h"
#include "source/source.h"

#define BLANKS " \t\n\f\r\v"

/* What may have a base of its own. */
static const char *const maps[] = {"alias",     "aliases",  "ether",   "ethers",   "group",  "host",
                                   "hosts",     "netgroup", "network", "networks", "passwd", "protocol",
                                   "protocols", "rpc",      "service", "services", "shadow"};

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && g_ascii_strncasecmp(text, word, length) == 0;
}

static const char *skip_map(const char *value)
{
    size_t length = strcspn(value, BLANKS);

    for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
        if (is_word(value, length, maps[i]))
            return value + length + strspn(value + length, BLANKS);
    return value;
}

GPtrArray *nslcd_file_bases(GBytes *content, GError **error)
{
    g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func(g_free);
    struct lines lines;
    char *line;

    lines_init(&lines, content);
    while (bases->len <= SOURCE_MAX_FOUND && lines_next(&lines, &line)) {
        g_autofree char *owned = line;
        const char *key = line + strspn(line, BLANKS);
        size_t length = strcspn(key, BLANKS);

        if (is_word(key, length, "base"))
            g_ptr_array_add(bases,
                            g_strchomp(g_strdup(skip_map(key + length + strspn(key + length, BLANKS)))));
    }
    if (bases->len > 0)
        return g_steal_pointer(&bases);
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has no `base`");
    return NULL;
}
