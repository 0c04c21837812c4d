#define _GNU_SOURCE /* memmem() */
#include "ctl/dapi.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define PATH_WORDS                                                                                           \
    "objects in the directory path" /* of the first one's message, which may come without a number */
#define IMPORTER "MSExchangeDSImp"  /* whose events have these ids */
#define PATH_ADVICE                                                                                          \
    "compare each name of the path with the directory name (raw attribute Obj-Dist-Name, or rdn), not with " \
    "the display name"
#define SYNTAX_ADVICE                                                                                        \
    "write it as Obj-Dist-Name has it: /o=ORGANIZATION/ou=SITE/cn=CONTAINER; `dndriftctl dn' tells what is " \
    "wrong with a DN"
#define MAPPED_ADVICE "configure what the directory has now"

static const struct dapi_code codes[] = {
    {0xC000011E,
     {"BERR_CREATE_PATH_NOT_FOUND", BLAME_NAME,
      "an entry was to be created, and a container above it does not exist under the name in the path",
      PATH_ADVICE}},
    {0xC00000AE,
     {"BERR_NO_SUCH_BASEPOINT", BLAME_NAME,
      "the entry that names are counted from (basepoint) does not exist", PATH_ADVICE}},
    {0xC00000AF,
     {"BERR_INVALID_CONTAINER", BLAME_SYNTAX, "the name of the container is malformed", SYNTAX_ADVICE}},
    {0xC00000B0,
     {"BERR_NO_SUCH_CONTAINER", BLAME_NAME, "the configured container does not exist", PATH_ADVICE}},
    {0xC0000111,
     {"BERR_CANNOT_BUILD_DN", BLAME_SYNTAX, "basepoint, container and name do not add up to a DN",
      SYNTAX_ADVICE}},
    {0xC0000112, {"BERR_MALFORMED_DN_STRING", BLAME_SYNTAX, "the DN is malformed", SYNTAX_ADVICE}},
    {0xC0000113, {"BERR_UNKNOWN_RDN", BLAME_SYNTAX, "one name of the DN is not valid", SYNTAX_ADVICE}},
    {0xC0000114, {"BERR_BADLY_SPECIFIED_DN", BLAME_SYNTAX, "the DN is malformed", SYNTAX_ADVICE}},
    {0xC000011F,
     {"BERR_CREATE_TARGET_EXISTS", BLAME_NAME, "an entry was to be created that is there already",
      "look whether the directory was filled twice, or under an old name as well"}},
    {0xC0000120,
     {"BERR_MOD_TARGET_NOT_FOUND", BLAME_NAME, "an entry was to be changed that is not there",
      "look whether it, or a container above it, was renamed; or whether an Add was meant (KB Q253928)"}},
    {0x800000A5,
     {"DAPI_W_RDN_MAPPED", BLAME_NAME,
      "the server altered characters of the name: the DN is not the one asked for", MAPPED_ADVICE}},
    {0x800000A6,
     {"IMP_VALUE_MAPPED", BLAME_NAME, "the server altered characters of a value that it cannot hold",
      MAPPED_ADVICE}},
};

static const struct dapi_code *by_number(uint32_t number)
{
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (codes[i].code == number)
            return &codes[i];
    return NULL;
}

static bool has_word(const char *line, size_t length, const char *word)
{
    return memmem(line, length, word, strlen(word)) != NULL;
}

static const struct dapi_code *by_words(const char *line, size_t length)
{
    if (has_word(line, length, PATH_WORDS))
        return &codes[0];
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (has_word(line, length, codes[i].meaning.name))
            return &codes[i];
    return NULL;
}

/* What a run of letters and digits says: eight digits in hex, with or without 0x, or decimal. */
static const struct dapi_code *by_word(const char *word, size_t length, bool is_negative)
{
    bool has_prefix = length > 2 && g_ascii_strncasecmp(word, "0x", 2) == 0;
    size_t skipped = has_prefix ? 2 : 0;
    char digits[12] = "";
    char *end = NULL;
    guint64 number;

    if (length - skipped < 8 || length - skipped > 10)
        return NULL;
    memcpy(digits, word + skipped, length - skipped);
    number = g_ascii_strtoull(digits, &end, has_prefix || length == 8 ? 16 : 10);
    if (*end || number > G_MAXUINT32)
        return NULL;
    return by_number(is_negative ? (uint32_t)(0 - number) : (uint32_t)number);
}

/* The next run of letters and digits from *at on; false: there is none. */
static bool next_word(const char *line, size_t length, size_t *at, size_t *ret_length)
{
    size_t end;

    while (*at < length && !g_ascii_isalnum(line[*at]))
        ++*at;
    for (end = *at; end < length && g_ascii_isalnum(line[end]);)
        end++;
    *ret_length = end - *at;
    return end > *at;
}

static bool is_word(const char *word, size_t length, const char *expected)
{
    return strlen(expected) == length && g_ascii_strncasecmp(word, expected, length) == 0;
}

static const struct dapi_code *by_event(const char *word, size_t length)
{
    char digits[8] = "";

    if (length >= sizeof digits)
        return NULL;
    memcpy(digits, word, length);
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (g_ascii_strtoull(digits, NULL, 10) == (codes[i].code & 0xFFFF))
            return &codes[i];
    return NULL;
}

/* `Event 286`, `EventID=286`, `Event ID: 286`. */
static bool says_event(const char *word, size_t length, bool is_event)
{
    return is_word(word, length, "event") || is_word(word, length, "eventid") ||
           (is_event && is_word(word, length, "id"));
}

const struct dapi_code *dapi_find(const char *line, size_t length)
{
    const struct dapi_code *found = by_words(line, length);
    bool tells_events = has_word(line, length, IMPORTER), is_event = false;
    size_t word = 0;

    for (size_t at = 0; !found && next_word(line, length, &at, &word); at += word) {
        found =
            is_event ? by_event(line + at, word) : by_word(line + at, word, at > 0 && line[at - 1] == '-');
        is_event = tells_events && says_event(line + at, word, is_event);
    }
    return found;
}

const struct dapi_code *dapi_find_alone(const char *line, size_t length)
{
    size_t at = length > 0 && line[0] == '-' ? 1 : 0;
    size_t start = at, word = 0;

    if (length > 12 || !next_word(line, length, &at, &word) || at != start || at + word != length)
        return NULL;
    return by_word(line + at, word, start == 1);
}
