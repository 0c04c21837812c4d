/* A configuration file as sections with their settings, before anything is known about what they mean. Owned
 * by the load that reads it. */
#ifndef DNDRIFT_CONFIG_DOCUMENT_H
#define DNDRIFT_CONFIG_DOCUMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* All texts belong to the document. */
struct entry {
    const char *key;
    const char *value; /* whole, without escapes and comment; NULL until document_set_value() */
    int line;
    bool is_indented;
};

struct section {
    const char *word; /* NULL: its line could not be read, which is known; what stands in it is not judged */
    const char *name; /* NULL: none */
    int line;
    GArray *entries; /* of struct entry, in the order of the file */
};

struct document {
    GPtrArray *sections; /* of struct section, in the order of the file */
    GStringChunk *texts; /* in large blocks: 100 000 watches are a million texts */
};

struct document *document_new(void);
void document_free(struct document *document);

/* Copies the texts. */
void document_add_section(struct document *document, const char *word, const char *name, int line);

/* To the last section; the answer is good until the next is added. */
struct entry *document_add_entry(struct document *document, const char *key, int line);
void document_set_value(struct document *document, struct entry *entry, const char *value, size_t length);

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
