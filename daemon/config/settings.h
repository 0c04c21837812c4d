/* The table of settings: one row per key of dndriftd.conf, its type, default, range and help. The manual, the
 * example configuration and the parser all follow it. Static; nobody owns it. */
#ifndef DNDRIFT_CONFIG_SETTINGS_H
#define DNDRIFT_CONFIG_SETTINGS_H

#include "config/value.h"

#include <stddef.h>

enum section_kind {
    SECTION_DAEMON,
    SECTION_HEALTH,
    SECTION_SYSLOG,
    SECTION_DIRECTORY,
    SECTION_WATCH,
    SECTION_ALERTMANAGER,
    SECTION_EXEC,
    SECTION_SHARD,
    SECTION_SILENCE,
    SECTION_KINDS
};

struct section_type {
    const char *word;
    bool is_named; /* [WORD NAME], as many as wanted */
};

#define SETTINGS_MAX_ROWS 128 /* of the whole table */

struct setting {
    enum section_kind section;
    const char *key;
    const struct value_type *type; /* NULL: of a later version, an error that says so */
    const char *default_text;      /* goes through the same parser; NULL: none, or worked out from others */
    bool is_required;
    struct value_limits limits;
    long offset;      /* of the field in the struct that the section fills */
    const char *help; /* one sentence */
};

const struct section_type *section_type(enum section_kind kind);
bool section_kind_find(const char *word, enum section_kind *ret_kind);

unsigned settings_n(void);
const struct setting *settings_at(unsigned index);

/* The row's place in the table; -1 if the section has no such key. */
int settings_find(enum section_kind section, const char *key);

/* What may have been meant by a key that the section does not have, or where it belongs; NULL without a
 * guess. g_free() it. */
char *settings_guess(enum section_kind section, const char *key);
char *section_kind_guess(const char *word);

/* "expected one of interval confirm ...": the section's keys. g_free() it. */
char *settings_list(enum section_kind section);
#endif
