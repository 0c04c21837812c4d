/* A configuration file as sections with their settings, before anything is known about what they mean. Owned
 * by the load that reads it. */
#ifndef DNDRIFT_CONFIG_DOCUMENT_H
#define DNDRIFT_CONFIG_DOCUMENT_H

#include <glib.h>
#include <stdbool.h>

struct entry {
    char *key;
    char *value; /* whole, without escapes and comment */
    int line;
    bool is_indented;
};

struct section {
    char *word; /* NULL: its line could not be read, which is known; what stands in it is not judged */
    char *name; /* NULL: none */
    int line;
    GArray *entries; /* of struct entry, in the order of the file */
};

struct document {
    GPtrArray *sections; /* of struct section, in the order of the file */
};

struct document *document_new(void);
void document_free(struct document *document);

/* Both copy; the document owns what they answer. */
struct section *document_add_section(struct document *document, const char *word, const char *name, int line);
struct entry *section_add_entry(struct section *section, const char *key, int line);

struct section *document_last_section(const struct document *document); /* NULL: none yet */
unsigned section_n(const struct section *section);
const struct entry *section_at(const struct section *section, unsigned index);
struct entry *section_last_entry(const struct section *section); /* NULL: none yet; until the next is added */
const struct entry *section_find(const struct section *section, const char *key); /* NULL: not given */
int section_line_of(const struct section *section,
                    const char *key); /* the section's own if it is not given */

/* `[watch NAME]` for messages, shortened. g_free() it. */
char *section_title(const struct section *section);

typedef struct document document_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(document_t, document_free)
#endif
