/* Where a consumer keeps the DN that it was told, and the values that stand there now. What else the file
 * holds, passwords before all, is never part of a value or of a message. */
#ifndef DNDRIFT_SOURCE_SOURCE_H
#define DNDRIFT_SOURCE_SOURCE_H

#include <glib.h>
#include <stdbool.h>

#define SOURCE_MAX_BYTES  (64 * 1024 * 1024) /* of a file */
#define SOURCE_MAX_VALUES 1000               /* of one source */
#define SOURCE_SHOWN      512                /* bytes of a value in a sentence */
#define SOURCE_MAX_FOUND  10000              /* in a file, with those that stand there again */

/* Of a file whose place in it the source names, or of a program by whose rules its file is read. */
enum source_kind {
    SOURCE_INI,
    SOURCE_KEYVALUE,
    SOURCE_XML,
    SOURCE_JSON,
    SOURCE_LDAP, /* an entry of a directory */
    SOURCE_POSTFIX,
    SOURCE_SSSD,
    SOURCE_DOVECOT,
    SOURCE_NSLCD,
    SOURCE_FREERADIUS
};

struct source {
    enum source_kind kind;
    char *file;    /* absolute; of SOURCE_LDAP the DN of the entry */
    char *section; /* SOURCE_INI, SOURCE_SSSD; of SOURCE_LDAP the directory */
    char *path; /* the key; XPath; JSON Pointer (RFC 6901) in which `*` stands for each element; attribute */
    char *name; /* of the task or realm that a preset asks for: $name in the XPath, the realm of the export;
                   NULL: none */
};

#define SOURCE_ERROR source_error_quark()
GQuark source_error_quark(void);
enum source_error { SOURCE_ERROR_SPEC, SOURCE_ERROR_FILE, SOURCE_ERROR_CONTENT };

/* `KIND:ARGUMENT...`, arguments separated by blanks, double quotes round one that has some; a preset or one
 * of ini, keyvalue, xml, json. NULL and a sentence that says what is expected. */
struct source *source_new(const char *text, GError **error);
void source_free(struct source *source);
/* Whether source_new() takes the text; else the sentence. *ret_directory: the directory that keeps it, NULL
 * for a file; g_free() it. */
bool source_check(const char *text, char **ret_directory, GError **error);

/* The values (char *) that stand there now, in the order of the file, each once; at least one. NULL and a
 * sentence: no file, no right, no such key, a value that is no fixed DN. Free with g_ptr_array_unref(). */
GPtrArray *source_read(const struct source *source, GError **error);

/* The same of values (char *) that a directory told: SOURCE_LDAP reads nothing itself. */
GPtrArray *source_take(const struct source *source, const GPtrArray *values, GError **error);

typedef struct source source_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(source_t, source_free)
#endif
